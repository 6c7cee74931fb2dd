import type { Finding } from '../../verdict/types.js';
import { FORMATS } from './formats.js';
import { compareZones } from './visual-zone.js';
import { valuesOf, zoneFindings } from './zone-findings.js';
import { zoneOfText, type Zone } from './zone.js';

/** Text that was not read from pixels is sure. */
const SURE = 100;

/** Machine-readable zones in the text of a page, where nothing needs guessing. */
export function textZoneFindings(text: string, page: number): readonly Finding[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const packed = lines.map((line) => line.replace(/\s/g, ''));
  const words = lines.map((line) =>
    line.split(/\s+/).map((word) => ({ text: word, confidence: SURE })),
  );
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return zonesIn(packed).flatMap((zone) =>
    zoneFindings(
      zone,
      compareZones(valuesOf(zone), words, today),
      `The machine-readable zone in the text of page ${page}`,
      [],
    ),
  );
}

function zonesIn(lines: readonly string[]): readonly Zone[] {
  const heights = [...new Set(FORMATS.map((format) => format.lines))];
  return lines.flatMap((_, start) =>
    heights.flatMap((height) => {
      const block = lines.slice(start, start + height);
      return (block.length === height && zoneOfText(block)) || [];
    }),
  );
}
