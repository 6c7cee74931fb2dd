import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { receiveMedia } from '../src/intake/receive.js';
import {
  MediaRefusedError,
  type VerificationOutcome,
  type VerificationPipeline,
} from '../src/verdict/types.js';

export type Row = Readonly<Record<string, string>>;

/** Rows of a comma-separated file with a header line. Quotes may enclose a field; line breaks within one do not occur in these lists. */
export async function readCsv(path: string): Promise<Row[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split(/\r?\n/);
  const names = splitLine(header);
  return lines.map((line) => {
    const values = splitLine(line);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
  });
}

function splitLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

export type Result =
  | { readonly kind: 'outcome'; readonly outcome: VerificationOutcome; readonly ms: number }
  | { readonly kind: 'refused'; readonly code: string; readonly ms: number }
  | { readonly kind: 'failed'; readonly error: unknown; readonly ms: number };

/** Verifies a file and puts whatever happens into words. */
export async function verifyFile(pipeline: VerificationPipeline, path: string): Promise<Result> {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  let held;
  try {
    held = await receiveMedia(createReadStream(path), join(tmpdir(), 'mediaguard-bench'));
    const outcome = await pipeline.verify(
      held,
      { fileName: basename(path) },
      new AbortController().signal,
    );
    return { kind: 'outcome', outcome, ms: elapsed() };
  } catch (error) {
    return error instanceof MediaRefusedError
      ? { kind: 'refused', code: error.code, ms: elapsed() }
      : { kind: 'failed', error, ms: elapsed() };
  } finally {
    if (held) await rm(held.path, { force: true });
  }
}

/** Verifies many files, a few at a time, in order. */
export async function verifyAll<T>(
  pipeline: VerificationPipeline,
  items: readonly T[],
  pathOf: (item: T) => string,
  report: (item: T, result: Result) => void,
  parallel = 4,
): Promise<void> {
  for (let i = 0; i < items.length; i += parallel) {
    const batch = items.slice(i, i + parallel);
    const results = await Promise.all(batch.map((item) => verifyFile(pipeline, pathOf(item))));
    batch.forEach((item, j) => report(item, results[j] as Result));
  }
}

export function tally(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
