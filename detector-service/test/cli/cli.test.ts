import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

import { type Judgement } from '../../src/cli/judge.js';
import { exitCodeOf, row } from '../../src/cli/verify.js';
import { faultsOf } from '../support/contract.js';
import { runHere } from '../support/program-here.js';
import { runProgram as run } from '../support/program.js';
import { freshDataFolder, removeFolder } from '../support/service-data.js';

describe('mediaguard verify', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mediaguard-cli-'));
    const picture = sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: '#357',
        noise: { type: 'gaussian', mean: 128, sigma: 20 },
      },
    });
    await picture.clone().jpeg().toFile(join(folder, 'b-picture.jpg'));
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'program.jpg'), Buffer.from('MZ'.padEnd(400, '\0')));
    await writeFile(join(folder, 'c-empty.png'), '');
  });
  afterAll(() => removeFolder(folder));

  it('judges a folder through the real pipeline: one object a file, in order, errors included', async () => {
    const { code, out } = await run('verify', '--json-lines', folder, join(folder, 'missing.jpg'));
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

    expect(code).toBe(2);
    expect(lines.map(({ file }) => file)).toEqual([
      join(folder, 'a', 'program.jpg'),
      join(folder, 'b-picture.jpg'),
      join(folder, 'c-empty.png'),
      join(folder, 'missing.jpg'),
    ]);
    const resource = { ...lines[1] };
    delete resource['file'];
    expect(faultsOf('Verification', resource)).toEqual([]);
    expect(resource).toMatchObject({ status: 'complete', media: { mediaType: 'image/jpeg' } });
    expect(lines[2]).toMatchObject({ error: { code: 'media.empty' } });
    expect(lines[3]).toMatchObject({ error: { code: 'file.enoent' } });
  });

  it('says what is wrong with its use, with a code of its own', async () => {
    const { code, err } = await run('verify', '--model', 'nonsense', folder);

    expect(code).not.toBe(0);
    expect(err).toContain('<model id>=<folder>');
  });
});

describe('the exit code', () => {
  const judged = (verdict: string) =>
    ({ file: 'f', resource: { verdict, score: null, findings: [] } }) as unknown as Judgement;
  const failed: Judgement = { file: 'f', error: { code: 'media.empty', message: 'm' } };

  it.each([
    [0, [judged('clear'), judged('authentic')]],
    [1, [judged('clear'), judged('suspect')]],
    [1, [judged('tampered')]],
    [2, [judged('clear'), judged('not_evaluated')]],
    [2, [judged('synthetic'), failed]],
    [2, []],
  ])('is %i', (code, judgements) => {
    expect(exitCodeOf(judgements)).toBe(code);
  });

  it('comes with rows that a file name cannot break', () => {
    expect(row({ ...failed, file: 'a\n\u001b[31mb' })).toBe(
      'error                a??[31mb  media.empty: m',
    );
  });
});

describe('mediaguard keys', () => {
  it('creates, lists, revokes and rotates', async () => {
    const data = await freshDataFolder();
    const keys = (...args: string[]): Promise<string> => runHere('keys', ...args, '--data', data);
    const created = await keys('create', '--tenant', 'acme', '--scopes', 'usage:read');
    expect(created).toMatch(/^mg_[A-Za-z0-9_-]{43}\n$/);

    const listed = await keys('list');
    expect(listed).toMatch(/^key_\w+\tacme\tunnamed\t.*\tlive\tusage:read\n$/);
    expect(listed).not.toContain(created.trim());

    const id = listed.split('\t')[0] ?? '';
    expect(await keys('revoke', id)).toContain(id);
    const again = await run('keys', 'revoke', id, '--data', data);
    expect(again.code).toBe(3);
    expect(again.err).toContain('keys list');

    expect(await keys('rotate')).toMatch(/^New signing key \S+\./);
    await removeFolder(data);
  });
});
