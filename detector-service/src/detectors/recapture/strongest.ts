import { COLUMNS, TILE, type GridSpectrum } from './grid-spectrum.js';

/** Waves longer than 11 pixels are shapes of things, lines of print and the ornaments of identity documents. */
const SLOWEST = 12;
/** Bins beside the axes, where edges of the picture, of things and of JPEG blocks gather. */
const AXIS = 1;
const HALF = TILE / 2;

export interface Peak {
  /** By how much it stands out of its surroundings, in nats. */
  readonly strength: number;
  /** Length of the wave in pixels. */
  readonly period: number;
  readonly isColoured: boolean;
}

/** The regular pattern that stands out most. */
export function strongestPeak({ luma, chroma }: GridSpectrum): Peak {
  let peak: Peak = { strength: -Infinity, period: 0, isColoured: false };
  for (let row = 0; row < TILE; row += 1) {
    const down = row - HALF;
    if (Math.abs(down) <= AXIS || Math.abs(down) >= HALF - AXIS) continue;
    for (let across = AXIS + 1; across < HALF - AXIS; across += 1) {
      const radius = Math.hypot(down, across);
      if (radius < SLOWEST) continue;
      const at = row * COLUMNS + across;
      const grey = luma[at] as number;
      const coloured = chroma[at] as number;
      const strength = Math.max(grey, coloured);
      if (strength <= peak.strength) continue;
      peak = { strength, period: TILE / radius, isColoured: coloured > grey };
    }
  }
  return peak;
}
