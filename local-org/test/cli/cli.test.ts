/** The command line as people call it, on a project of two classes. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { writeProject } from '../support/small-org.js';

const META = `<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>65.0</apiVersion><status>Active</status></ApexClass>`;

const FILES = {
  'classes/Sum.cls': `public class Sum {
  public static Integer of(Integer one, Integer other) {
    if (one == null) {
      return 0;
    }
    return one + other;
  }
}`,
  'classes/Sum.cls-meta.xml': META,
  'classes/Sum_Test.cls': `@IsTest
private class Sum_Test {
  @IsTest static void adds() { Assert.areEqual(3, Sum.of(1, 2)); }
  @IsTest static void isWrong() { Assert.areEqual(4, Sum.of(1, 2), 'the sum'); }
}`,
  'classes/Sum_Test.cls-meta.xml': META,
};

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('local-org test', () => {
  let project: string;

  beforeAll(() => {
    project = writeProject(FILES);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  async function localOrg(...args: string[]): Promise<Outcome> {
    const program = path.resolve('bin/local-org.js');
    try {
      const env = { ...process.env };
      delete env['NODE_OPTIONS'];
      const done = await promisify(execFile)(
        process.execPath,
        [program, 'test', '--project', project, ...args],
        { env },
      );
      return { code: 0, ...done };
    } catch (error) {
      return error as Outcome;
    }
  }

  it('prints failures only, writes the counts and tells the missing coverage in one line', async () => {
    const output = path.join(project, 'out', 'counts.json');
    const { code, stdout, stderr } = await localOrg('--minimum-coverage', '90', '--output', output);

    expect(code).toBe(1);
    expect(stdout).toContain('FAIL Sum_Test.isWrong');
    expect(stdout).toContain('the sum');
    expect(stdout).not.toContain('ok   Sum_Test.adds');
    expect(stdout).toContain('2 tests: 1 passed, 1 failed');
    expect(stderr.trim()).toMatch(
      /^Coverage is [\d.]+ % of \d+ lines; expected at least 90 %\..*Sum/,
    );
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
      numPassedTests: 1,
      numFailedTests: 1,
      numFailedTestSuites: 1,
    });
  });

  it('passes when all chosen tests pass and the coverage is enough', async () => {
    const { code, stdout } = await localOrg(
      'Sum_Test.adds',
      '--minimum-coverage',
      '50',
      '--verbose',
    );

    expect(code).toBe(0);
    expect(stdout).toContain('ok   Sum_Test.adds');
  });
});
