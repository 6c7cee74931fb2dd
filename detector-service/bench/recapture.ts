import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp, { type Sharp } from 'sharp';

import { recaptureDetector } from '../src/detectors/recapture-detector.js';
import type { Pixels } from '../src/intake/image.js';
import { madeUpRecapture, recapture } from '../test/support/recapture.js';
import { subjectOf } from '../test/support/subject.js';
import { print, readCsv, tally, type Row } from './data.js';

/** Pictures of each source, and photographs of screens, unless told otherwise. */
const OF_EACH = 25;
const SCREENS = 40;
/** Least side that the detector looks at, and size of a photograph when it is sent. */
const LEAST = 384;
const SENT = { width: 600, height: 460 };

/**
 * Counts how often a screen's pattern is told in real pictures of `manifest.csv` (file, label, source, width, height), and in photographs of screens that show
 * such pictures, made by calculation.
 *
 * @param options how many pictures of each source, and how many photographs of screens
 */
export async function benchRecapture(folder: string, options: readonly string[]): Promise<void> {
  const [ofEach = OF_EACH, screens = SCREENS] = options.map(Number);
  const rows = (await readCsv(join(folder, 'manifest.csv'))).filter(
    (row) =>
      row['label'] === 'real' && Math.min(Number(row['width']), Number(row['height'])) >= LEAST,
  );
  const looked = new Map<string, number>();
  const told = new Map<string, number>();
  let spent = 0;
  for (const row of rows) {
    const source = `${row['category']} ${row['source']}`;
    if ((looked.get(source) ?? 0) >= ofEach) continue;
    const pixels = await decoded(join(folder, row['file'] ?? '')).catch(() => null);
    if (!pixels) continue;
    tally(looked, source);
    const subject = await subjectOf(pixels);
    const started = process.cpuUsage().user;
    const { findings } = await recaptureDetector.run(subject);
    spent += (process.cpuUsage().user - started) / 1000;
    if (findings.length > 0) tally(told, source);
  }
  for (const [source, count] of [...looked].sort()) {
    print(`real, ${source}: ${told.get(source) ?? 0} of ${count} told`);
  }
  const pictures = sum(looked);
  print(
    `real, all: ${sum(told)} of ${pictures} told, ${(spent / pictures).toFixed(1)} CPU milliseconds a picture`,
  );
  await benchScreens(folder, rows, screens);
}

async function benchScreens(folder: string, rows: readonly Row[], screens: number): Promise<void> {
  const shown = new Map<string, number>();
  const told = new Map<string, number>();
  for (let seed = 0; seed < screens; seed += 1) {
    const row = rows[(seed * 7919) % rows.length];
    if (!row) break;
    const options = madeUpRecapture(seed);
    const width = Math.ceil(SENT.width / options.shrink);
    const height = Math.ceil(SENT.height / options.shrink);
    const screen = await filled(
      join(folder, row['file'] ?? ''),
      Math.ceil((width / options.scale) * 1.25),
      Math.ceil((height / options.scale) * 1.25),
    );
    const photograph = await recapture(screen, width, height, options);
    const subject = await subjectOf(await decoded(photograph));
    const { findings } = await recaptureDetector.run(subject);
    const kinds = ['all', options.blur < 0.6 ? 'sharp (blur below 0.6 pixels)' : 'soft'];
    for (const kind of kinds) {
      tally(shown, kind);
      if (findings.length > 0) tally(told, kind);
    }
  }
  for (const [kind, count] of [...shown].sort()) {
    print(`photographs of screens, ${kind}: ${told.get(kind) ?? 0} of ${count} told`);
  }
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function filled(path: string, width: number, height: number): Promise<Pixels> {
  return readFile(path).then((bytes) => raw(sharp(bytes).resize(width, height, { fit: 'cover' })));
}

async function decoded(file: string | Buffer): Promise<Pixels> {
  return raw(sharp(typeof file === 'string' ? await readFile(file) : file));
}

async function raw(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
