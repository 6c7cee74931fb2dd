import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  hashJudgingCode,
  JUDGING_PARTS,
  rulesetOf,
  type Rules,
} from '../../src/evaluation/ruleset.js';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

let folder: string;
let copy: string;
let packageCopy: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-ruleset-'));
  copy = join(folder, 'src');
  packageCopy = join(folder, 'package.json');
  await cp(SOURCE, copy, { recursive: true });
  await cp(PACKAGE, packageCopy);
});
afterEach(() => rm(folder, { recursive: true }));

const hashOfCopy = (): Promise<string> => hashJudgingCode(copy, packageCopy);

describe('the hash of the code that judges', () => {
  it('is the same for the same code at another place', async () => {
    expect(await hashOfCopy()).toBe(await hashJudgingCode());
  });

  it.each([
    'detectors/copy-move/judge.ts',
    'evaluation/measurement.ts',
    'evaluation/variants/law.ts',
    'intake/image.ts',
    'verdict/fuse.ts',
  ])('is another after a change of %s that no version tells of', async (file) => {
    const before = await hashOfCopy();
    const path = join(copy, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/\b1\b|\bconst\b/, '/* x */ $&'));
    expect(await hashOfCopy()).not.toBe(before);
  });

  it('is another after a file was added, and under another version of a library', async () => {
    const before = await hashOfCopy();
    await mkdir(join(copy, 'detectors', 'more'));
    await writeFile(join(copy, 'detectors', 'more', 'new.ts'), 'export {};\n');
    const added = await hashOfCopy();
    expect(added).not.toBe(before);
    const text = await readFile(packageCopy, 'utf8');
    await writeFile(packageCopy, text.replace(/"sharp": "[^"]+"/, '"sharp": "99.0.0"'));
    expect(await hashOfCopy()).not.toBe(added);
  });

  it('is the same after a change of what only serves, stores or reports', async () => {
    const before = await hashOfCopy();
    for (const file of ['http/app.ts', 'store/vault.ts', 'evaluation/report/markdown.ts']) {
      await writeFile(join(copy, file), '// changed\n');
    }
    expect(await hashOfCopy()).toBe(before);
  });

  it('covers every file that the judging and the making of variants load', async () => {
    const entries = [
      ...['verdict/pipeline.ts', 'verdict/examiner-child.ts', 'evaluation/measurement.ts'],
      ...['evaluation/variants/variant-maker.ts', 'evaluation/variants/variant-child.ts'],
    ];
    const loaded = await loadedFrom(entries.map((entry) => join(SOURCE, entry)));
    const outside = [...loaded]
      .map((path) => relative(SOURCE, path))
      .filter((path) => !JUDGING_PARTS.some((part) => path.startsWith(part)));
    expect(loaded.size).toBeGreaterThan(100);
    expect(outside).toEqual([]);
  });
});

/** The files and everything they import from this service, except what they import for its types only. */
async function loadedFrom(entries: readonly string[]): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const text = await readFile(path, 'utf8');
    const imports = text.matchAll(
      /^(?:import|export)\s(?!type\b)[^;]*?from '(\.[^']+)\.js';|import\('(\.[^']+)\.js'\)/gm,
    );
    for (const [, named, dynamic] of imports) {
      const found = join(dirname(path), `${named ?? dynamic}.ts`);
      if (existsSync(found)) waiting.push(found);
    }
  }
  return loaded;
}

describe('the ruleset of an evaluation', () => {
  const rules: Rules = {
    code: 'a',
    models: [],
    trustList: null,
    documentTrustList: null,
    ffmpeg: null,
    maxBytes: 1,
    seed: 1,
  };

  it.each<[string, Partial<Rules>]>([
    ['the code', { code: 'b' }],
    ['the trusted signers', { trustList: 'x' }],
    ['whose documents are trusted', { documentTrustList: 'x' }],
    ['ffmpeg', { ffmpeg: 'ffmpeg version 7' }],
    ['the largest file', { maxBytes: 2 }],
    ['the seed', { seed: 2 }],
  ])('is another with %s', (_, change) => {
    expect(rulesetOf({ ...rules, ...change })).not.toBe(rulesetOf(rules));
  });

  it('is the same under the same rules', () => {
    expect(rulesetOf({ ...rules })).toBe(rulesetOf(rules));
  });
});
