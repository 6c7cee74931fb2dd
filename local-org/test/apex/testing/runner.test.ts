import { fileURLToPath } from 'node:url';
import { TestRunner } from '../../../src/apex/testing/runner.js';
import { createOrg, type Org } from '../../../src/org/org.js';

const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url));

describe('the package in the local org', () => {
  let org: Org;
  let runner: TestRunner;

  beforeAll(() => {
    org = createOrg({ projectFolder: PROJECT });
    const [administrator] = org.users.all();
    runner = new TestRunner(org.runtime, org.platform.transactions, () => administrator?.id ?? '');
  }, 240_000);

  afterAll(() => org.close());

  it('compiles every class and trigger', () => {
    const { classes, triggers } = org.project;
    expect(org.runtime.program.classes.size).toBe(classes.length);
    expect(org.runtime.program.triggers.length).toBe(triggers.length);
  });

  it('runs a test class, leaves no row behind and measures coverage', () => {
    const before = [...org.database.store.rows()].length;
    const run = runner.run({ names: ['MediaPolicy_Test'], withCoverage: true });
    expect(run.methods.filter((m) => m.outcome === 'Fail')).toEqual([]);
    expect(run.methods.length).toBeGreaterThan(0);
    const policy = run.coverage.find((c) => c.name === 'MediaPolicy');
    expect(policy?.coveredLines.length).toBeGreaterThan(0);
    expect([...org.database.store.rows()]).toHaveLength(before);
  });

  it('refuses the name of a test that does not exist', () => {
    expect(() => runner.run({ names: ['Nowhere_Test'], withCoverage: false })).toThrow(
      'No Apex test is called Nowhere_Test',
    );
  });
});
