/** Runs the pipeline over every wanted variant of every listed item. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureFile } from '../intake/measure.js';
import { MediaRefusedError, type HeldMedia, type VerificationPipeline } from '../verdict/types.js';
import type { ListedItem } from './manifest.js';
import type { MeasurementFile } from './measurement-file.js';
import { judgedBy, type Judged, type Measurement, type Unjudged } from './measurement.js';
import type { VariantName } from './variants/catalogue.js';
import type { MadeVariant } from './variants/variant-child.js';
import type { VariantMaker } from './variants/variant-maker.js';

export interface MeasureParts {
  readonly pipeline: VerificationPipeline;
  readonly variants: VariantMaker;
  readonly known: MeasurementFile;
  readonly maxBytes: number;
  /** Milliseconds for one variant. */
  readonly timeoutMs: number;
  readonly parallel: number;
  readonly seed: number;
  /** Called after each item. */
  readonly onItem: () => void;
}

/** An item with its measurements, one a variant. */
export interface MeasuredItem {
  readonly item: ListedItem;
  readonly measurements: readonly Measurement[];
}

/** In the order of `items`. A file that cannot be read at all fails the evaluation: the list is wrong then. */
export async function measureItems(
  items: readonly ListedItem[],
  wanted: readonly VariantName[],
  parts: MeasureParts,
): Promise<readonly MeasuredItem[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-evaluation-'));
  const results: MeasuredItem[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index] as ListedItem;
      results[index] = { item, measurements: await measureItem(item, wanted, parts, folder) };
      parts.onItem();
    }
  };
  try {
    await Promise.all(Array.from({ length: parts.parallel }, work));
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureItem(
  { path }: ListedItem,
  wanted: readonly VariantName[],
  parts: MeasureParts,
  folder: string,
): Promise<readonly Measurement[]> {
  const { known, variants, seed, timeoutMs } = parts;
  const media = await hashFile(path, parts.maxBytes);
  const { sha256, sizeBytes } = media;
  const missing = wanted.filter((variant) => !known.find(sha256, variant));
  const toMake = missing.filter((variant) => variant !== 'original');
  const made = new Map<VariantName, MadeVariant>();
  if (toMake.length > 0) {
    const request = { path, sizeBytes, sha256, seed, variants: toMake };
    for (const one of await variants.make(request, AbortSignal.timeout(timeoutMs))) {
      made.set(one.variant, one);
    }
  }
  for (const variant of missing) {
    const one = made.get(variant);
    const answer =
      one === undefined
        ? await judge({ path, ...media }, parts)
        : 'reason' in one
          ? ({ kind: 'not_made', reason: one.reason } as const)
          : await judgeBytes(one.bytes, parts, folder);
    await known.add({ sha256, variant, answer });
  }
  return wanted.flatMap((variant) => known.find(sha256, variant) ?? []);
}

async function judgeBytes(
  bytes: Uint8Array,
  parts: MeasureParts,
  folder: string,
): Promise<Judged | Unjudged> {
  const path = join(folder, randomUUID());
  await writeFile(path, bytes);
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  try {
    return await judge(
      { path, sizeBytes: bytes.length, sha256: digest('sha256'), md5: digest('md5') },
      parts,
    );
  } finally {
    await rm(path, { force: true });
  }
}

/** The pipeline's own time ran out, which a busy machine brings about as well as a file. */
const TOO_SLOW = 'media.too_slow';

async function judge(
  media: HeldMedia,
  { pipeline, timeoutMs }: MeasureParts,
): Promise<Judged | Unjudged> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return judgedBy(await pipeline.verify(media, {}, signal));
  } catch (error) {
    if (error instanceof MediaRefusedError) {
      return { kind: error.code === TOO_SLOW ? 'late' : 'refused', reason: error.code };
    }
    // One slow item must not end hours of work.
    if (signal.aborted) return { kind: 'late', reason: `not done within ${timeoutMs} ms` };
    throw error;
  }
}

async function hashFile(path: string, maxBytes: number): Promise<Omit<HeldMedia, 'path'>> {
  try {
    return await measureFile(path, maxBytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The list names ${path}, which cannot be read: ${reason}`, { cause: error });
  }
}
