import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { createPipeline } from '../src/verdict/pipeline.js';
import type { VerificationPipeline } from '../src/verdict/types.js';
import { print, readCsv, tally, verifyAll, type Result } from './data.js';
import { residentBytes } from './memory.js';
import { mutated } from './mutations.js';

interface Plan {
  /** Mutated files beside those of the folder. */
  readonly mutations: number;
  readonly seed: number;
}

/** Larger files are fed as they are, but not mutated: what their parsers can be led to, smaller ones lead to as well. */
const LARGEST_MUTATED = 100_000;
/** Files that are made and verified at a time. */
const BATCH = 200;

/**
 * Feeds every file of `manifest.csv`, then mutations of them that a seed decides, through the isolated pipeline, and counts what came of each. A crash or
 * a hang of the service itself would end or stall this program.
 */
export async function benchHostile(folder: string, options: readonly string[]): Promise<void> {
  const plan = planOf(options);
  const pipeline = await createPipeline();
  const files = (await readCsv(join(folder, 'manifest.csv'))).map((row) =>
    join(folder, row['file'] ?? ''),
  );
  const corpus = new Tally();
  await verifyAll(
    pipeline,
    files,
    (file) => file,
    (file, result) => corpus.add(basename(file), result),
  );
  corpus.print(`${files.length} files of ${folder}`);
  if (plan.mutations > 0) await feedMutations(pipeline, files, plan);
  await pipeline.close();
}

/** `--mutations 10000 --seed 1` */
function planOf(options: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...options],
    options: {
      mutations: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  return { mutations: Number(values.mutations), seed: Number(values.seed) };
}

async function feedMutations(
  pipeline: VerificationPipeline,
  files: readonly string[],
  { mutations, seed }: Plan,
): Promise<void> {
  const seeds: Buffer[] = [];
  for (const file of files) {
    const { size } = await stat(file);
    if (size > 0 && size <= LARGEST_MUTATED) seeds.push(await readFile(file));
  }
  const counts = new Tally();
  const place = await mkdtemp(join(tmpdir(), 'mediaguard-mutations-'));
  for (let start = 0; start < mutations; start += BATCH) {
    const batch: string[] = [];
    for (let i = start; i < Math.min(mutations, start + BATCH); i += 1) {
      const number = seed + i;
      const first = seeds[(number * 7919) % seeds.length];
      const second = seeds[(number * 104_729 + 1) % seeds.length];
      if (!first || !second) continue;
      const path = join(place, `mutation-${number}`);
      await writeFile(path, mutated(first, second, number));
      batch.push(path);
    }
    await verifyAll(
      pipeline,
      batch,
      (path) => path,
      (path, result) => counts.add(basename(path), result),
    );
    await Promise.all(batch.map((path) => rm(path)));
  }
  await rm(place, { recursive: true });
  counts.print(`${mutations} mutations of ${seeds.length} files, seed ${seed}`);
}

/** Endings, times and memory over many files. */
class Tally {
  private readonly endings = new Map<string, number>();
  private readonly times: { readonly ms: number; readonly name: string }[] = [];
  private largestOwn = 0;
  private largestChild = 0;

  add(name: string, result: Result): void {
    const ending = endingOf(result);
    tally(this.endings, ending);
    this.times.push({ ms: result.ms, name });
    const { own, largestChild } = residentBytes();
    this.largestOwn = Math.max(this.largestOwn, own);
    this.largestChild = Math.max(this.largestChild, largestChild);
    if (result.kind === 'failed' || /crash|slow/.test(ending)) {
      print(`${ending}: ${name} ${result.kind === 'failed' ? String(result.error) : ''}`);
    }
  }

  print(title: string): void {
    print(`\n${title}`);
    for (const [ending, count] of [...this.endings].sort((a, b) => b[1] - a[1])) {
      print(`${count} ${ending}`);
    }
    this.times.sort((a, b) => a.ms - b.ms);
    const at = (share: number): number =>
      Math.round(this.times[Math.floor(share * (this.times.length - 1))]?.ms ?? 0);
    print(`milliseconds: median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)}`);
    for (const { ms, name } of this.times.slice(-5).reverse()) {
      print(`${Math.round(ms)} ms ${name}`);
    }
    const mb = (bytes: number): number => Math.round(bytes / 1e6);
    print(`resident MB: service ${mb(this.largestOwn)}, largest child ${mb(this.largestChild)}`);
  }
}

function endingOf(result: Result): string {
  if (result.kind === 'outcome') return result.outcome.verdict;
  return result.kind === 'refused' ? result.code : 'failed';
}
