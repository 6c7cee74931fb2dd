import { encodePng, fitWithin, greyWithin, quarterTurn, type Pixels } from '../../intake/image.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile } from '../../verdict/types.js';
import { NOTHING_FOUND, type Detector } from '../types.js';
import { findZone, type Sighting } from './find-zone.js';
import { readLines } from './ocr.js';
import { inkBlobs } from './rows.js';
import { compareZones } from './visual-zone.js';
import {
  accusedFields,
  IDENTITY_DETECTOR,
  impossibleDates,
  valuesOf,
  zoneFindings,
} from './zone-findings.js';

/** Longest sides at which print is read: the first at which it is not mistaken for noise. */
const PRINT_SIDES = [1300, 800] as const;
/** Pieces of ink in a picture; an identity document has far fewer, and reading noise takes half a minute. */
const MOST_INK = 1_500;
const SOURCE = 'The machine-readable zone';
const MARK = [240, 120, 0] as const;

/**
 * Reads the machine-readable zone of identity documents and holds it against its own check digits, the calendar and the print above it. Pictures without a
 * zone cost a few milliseconds.
 */
export const identityDetector: Detector = {
  ...IDENTITY_DETECTOR,
  mediaTypes: /^image\//,
  async run({ pixels, small, isDamaged }) {
    if (!pixels || !small || isDamaged) return NOTHING_FOUND;
    const sighting = await findZone(pixels, small);
    if (!sighting) return NOTHING_FOUND;
    if (sighting.kind === 'unreadable') {
      const detail = `${SOURCE}: lines built like one were found, but their glyphs cannot be told; nothing was checked.`;
      const finding = makeFinding(IDENTITY_DETECTOR, 'document.mrz_unreadable', detail);
      return { ...NOTHING_FOUND, findings: [finding] };
    }
    const evidence = [await drawZone(sighting)];
    const print = await printOf(pixels, sighting.quarterTurns);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const comparison =
      print && compareZones(valuesOf(sighting.zone), await readLines(print), today);
    return {
      ...NOTHING_FOUND,
      findings: zoneFindings(sighting.zone, comparison, SOURCE, evidence),
      evidence,
    };
  },
};

/** The picture upright, at a size at which its print can be read; null where it is too noisy at any. */
async function printOf(pixels: Pixels, quarterTurns: number): Promise<Pixels | null> {
  for (const side of PRINT_SIDES) {
    let print = await fitWithin(pixels, side);
    const pieces = inkBlobs(await greyWithin(print, Math.max(print.width, print.height))).length;
    if (pieces === 0 || pieces > MOST_INK) continue;
    for (let turn = 0; turn < quarterTurns; turn += 1) print = await quarterTurn(print);
    return print;
  }
  return null;
}

/** The zone cut out, with the glyphs of fields that do not hold marked. */
async function drawZone({
  zone,
  strip,
  boxOf,
}: Extract<Sighting, { kind: 'read' }>): Promise<EvidenceFile> {
  const { values, width, height } = strip;
  const data = Buffer.alloc(width * height * 3);
  values.forEach((value, i) => data.fill(value, i * 3, i * 3 + 3));
  const marked = [...accusedFields(zone), ...impossibleDates(zone)];
  for (const field of zone.format.checked.filter(({ name }) => marked.includes(name))) {
    for (const { line, from, to } of [...field.spans, field.digit]) {
      const first = boxOf(line, from);
      const last = boxOf(line, to - 1);
      for (const y of [first.top, first.bottom]) {
        drawLine(data, width, height, first.left, last.right, y);
      }
    }
  }
  return {
    name: `zone-${IDENTITY_DETECTOR.id}.png`,
    kind: 'region_map',
    mediaType: 'image/png',
    bytes: await encodePng({ data, width, height }),
  };
}

function drawLine(
  data: Buffer,
  width: number,
  height: number,
  from: number,
  to: number,
  at: number,
): void {
  for (let y = Math.round(at) - 1; y <= Math.round(at) + 1; y += 1) {
    if (y < 0 || y >= height) continue;
    for (let x = Math.max(0, Math.round(from)); x < Math.min(width, to); x += 1) {
      data.set(MARK, (y * width + x) * 3);
    }
  }
}
