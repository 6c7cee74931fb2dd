import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

import { findZone } from '../src/detectors/identity/find-zone.js';
import { shrink, type Pixels } from '../src/intake/image.js';
import {
  CAPTURES,
  drawnIdentity,
  madeUpHolder,
  zoneLines,
  type ZoneName,
} from '../test/support/drawn-identity.js';
import { print } from './data.js';

const NAMES: readonly ZoneName[] = ['TD1', 'TD2', 'TD3', 'MRV-A', 'MRV-B'];
const HOLDERS = 2;

/**
 * Draws identity documents of made-up people, captures them in the ways of `CAPTURES`, and counts what is read. Half of the documents are forged: one
 * digit of a checked field is another one, its check digit not. Then every picture of the folder is searched, none of which should hold a zone.
 */
export async function benchIdentity(folder: string): Promise<void> {
  for (const [name, capture] of Object.entries(CAPTURES)) {
    const counts = { read: 0, accused: 0, caught: 0, believed: 0, genuine: 0, forged: 0 };
    const times: number[] = [];
    for (let seed = 0; seed < HOLDERS; seed += 1) {
      for (const zoneName of NAMES) {
        const isForged = (seed + NAMES.indexOf(zoneName)) % 2 === 1;
        const right = zoneLines(zoneName, madeUpHolder(seed));
        const zone = isForged ? forged(right) : right;
        const file = await capture(await drawnIdentity(zoneName, { zone, seed }));
        const started = performance.now();
        const sighting = await search(file);
        times.push(performance.now() - started);
        const states = sighting?.kind === 'read' ? [...sighting.zone.checks.values()] : [];
        const isRead = sighting?.kind === 'read' && sighting.zone.lines.join() === zone.join();
        if (isRead) counts.read += 1;
        const isAccused = states.includes('wrong');
        const isBelieved = states.length > 0 && states.every((state) => state === 'right');
        if (isForged) {
          counts.forged += 1;
          if (isAccused) counts.caught += 1;
          if (isBelieved) counts.believed += 1;
        } else {
          counts.genuine += 1;
          if (isAccused) counts.accused += 1;
        }
      }
    }
    const { read, accused, caught, believed, genuine, forged: forgeries } = counts;
    times.sort((a, b) => a - b);
    print(
      `${name}: every glyph right ${read} of ${genuine + forgeries}; genuine accused ${accused} of ${genuine}; forged caught ${caught}, believed ${believed} of ${forgeries}; median ${Math.round(times[times.length >> 1] ?? 0)} ms`,
    );
  }
  await searchFolder(folder);
}

/** Another digit in the date of birth. */
function forged(lines: readonly string[]): string[] {
  const [line, at] = lines.length === 3 ? [1, 1] : [1, 14];
  return lines.map((text, i) => {
    if (i !== line) return text;
    const digit = (Number(text[at]) + 3) % 10;
    return text.slice(0, at) + String(digit) + text.slice(at + 1);
  });
}

async function searchFolder(folder: string): Promise<void> {
  let files = 0;
  let sightings = 0;
  let spent = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:jpe?g|png|webp)$/i.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const pixels = await readFile(path).then(decoded, () => null);
    if (!pixels) continue;
    files += 1;
    const small = await shrink(pixels);
    const started = performance.now();
    const sighting = await findZone(pixels, small);
    spent += performance.now() - started;
    if (!sighting) continue;
    sightings += 1;
    print(`${path}: ${sighting.kind}`);
  }
  print(
    `${folder}: ${sightings} sightings in ${files} pictures, ${(spent / files).toFixed(1)} ms a picture`,
  );
}

async function search(file: Buffer) {
  const pixels = await decoded(file);
  return findZone(pixels, await shrink(pixels));
}

async function decoded(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
