import sharp from 'sharp';

import { identityDetector } from '../src/detectors/identity/identity-detector.js';
import { seededRandom } from '../src/evaluation/figures/random.js';
import {
  drawnIdentity,
  madeUpHolder,
  zoneLines,
  type Holder,
  type ZoneName,
} from '../test/support/drawn-identity.js';
import { subjectOf } from '../test/support/subject.js';
import { print, tally } from './data.js';

const NAMES: readonly ZoneName[] = ['TD1', 'TD2', 'TD3', 'MRV-A', 'MRV-B'];
/** Fonts of the print above the zone; where one is not installed, the next best takes its place. */
const FONTS = ['DejaVu Sans', 'DejaVu Serif', 'DejaVu Sans Mono', 'DejaVu Sans Condensed'];
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DOCUMENTS = 100;

/**
 * Draws genuine documents whose print above the zone says the same as the zone, in several fonts and ways of writing dates, captures them a little askew, out of
 * focus and compressed, and counts those that are accused nevertheless.
 *
 * @param count of documents
 */
export async function benchIdentityPrint([count = DOCUMENTS]: readonly number[]): Promise<void> {
  const found = new Map<string, number>();
  for (let seed = 0; seed < count; seed += 1) {
    const pixels = await captured(await printed(seed), seed);
    const { findings } = await identityDetector.run(await subjectOf(pixels));
    for (const { code, detail } of findings) {
      tally(found, code);
      for (const [field] of detail.matchAll(
        /document number|date of birth|date of expiry|surname/g,
      )) {
        tally(found, `${code}, ${field}`);
      }
      if (code === 'document.mrz_contradicts') print(`document ${seed}: ${detail}`);
    }
    if (findings.length === 0) tally(found, 'no zone found');
  }
  print(`${count} genuine documents with print`);
  for (const [code, times] of [...found].sort()) print(`${code}: ${times}`);
}

async function printed(seed: number): Promise<Buffer> {
  const random = seededRandom(seed + 50_000);
  const name = NAMES[seed % NAMES.length] ?? 'TD3';
  const holder = madeUpHolder(seed);
  const base = await drawnIdentity(name, { zone: zoneLines(name, holder), seed });
  const { width = 1, height = 1 } = await sharp(base).metadata();
  const font = FONTS[Math.floor(random() * FONTS.length)] ?? '';
  const size = Math.round(26 + 12 * random());
  const lines = linesOf(holder, Math.floor(random() * 3)).map(
    (line, i) =>
      `<text x="${width * 0.36}" y="${height * 0.12 + i * size * 1.5}" font-family="${font}" font-size="${size}" fill="#1c1a1a">${line}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${lines.join('')}</svg>`;
  return sharp(base)
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

function linesOf({ surname, given, number, birth, expiry }: Holder, style: number): string[] {
  return [
    surname,
    given.replaceAll('<', ' '),
    number,
    written(`19${birth}`, style),
    written(`20${expiry}`, style),
  ];
}

/** @param date YYYYMMDD */
function written(date: string, style: number): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)];
  if (style === 0) return `${day}.${month}.${year}`;
  return style === 1 ? `${day} ${month} ${year}` : `${day} ${MONTHS[Number(month) - 1]} ${year}`;
}

async function captured(picture: Buffer, seed: number) {
  const random = seededRandom(seed + 90_000);
  const askew = await sharp(picture)
    .rotate(6 * random() - 3, { background: '#777' })
    .png()
    .toBuffer();
  const blurred = await sharp(askew)
    .flatten({ background: '#fff' })
    .blur(0.4 + 1.4 * random())
    .jpeg({ quality: Math.round(60 + 35 * random()) })
    .toBuffer();
  const { data, info } = await sharp(blurred).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
