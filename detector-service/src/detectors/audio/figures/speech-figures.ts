import { cepstraOf } from './cepstra.js';
import { cepstralFigures, detailFigures } from './cepstral.js';
import { fineFigures } from './fine.js';
import { framesOf, type Band } from './frames.js';
import { modulationFigures } from './modulation.js';
import { phaseFigures } from './phase.js';

/** Figures of one band. */
const FIGURES_A_BAND = 256;
export const FIGURE_COUNT = 2 * FIGURES_A_BAND;
/** What a telephone lets through. */
const TELEPHONE: Band = { from: 300, to: 3_400 };
/** Clear of where resamplers and codecs of 16 kHz end. */
export const WIDE: Band = { from: 300, to: 6_900 };
/** Root mean square of the loud parts, as a share of full scale, at which the figures were fitted. */
export const FIGURES_LEVEL = 0.05;

/** Cepstra of the wide bands; those above come from the narrow bands. */
const COEFFICIENTS = 20;
const NARROW_COEFFICIENTS = 48;
const MODULATED_COEFFICIENTS = 12;
/** Bands a quarter of the spectrum. */
const QUARTER = 6;
const BAND_EDGES = [0.5, 2, 4, 8, 16, 32, 62];
const CEPSTRAL_EDGES = [0.5, 4, 12, 24, 45];

/**
 * What is measured of speech: the figures "two-bands-1", the same and in the same order as `training/audio/features.py` computes them, of the band of a
 * telephone and of a wide band.
 *
 * @param samples at most four seconds of one channel at 16 kHz, trimmed, at the level {@link FIGURES_LEVEL}
 * @param isWide whether the sound fills the {@link WIDE} band; NaN stands for the figures of that band where it does not
 * @returns {@link FIGURE_COUNT} values
 */
export function speechFigures(samples: Float32Array, isWide: boolean): Float32Array {
  const figures = new Float32Array(FIGURE_COUNT).fill(Number.NaN);
  figures.set(bandFigures(samples, TELEPHONE));
  if (isWide) figures.set(bandFigures(samples, WIDE), FIGURES_A_BAND);
  return figures;
}

function bandFigures(samples: Float32Array, band: Band): number[] {
  const frames = framesOf(samples, band);
  const cepstra = cepstraOf(frames.wide, 0, COEFFICIENTS);
  return [
    ...cepstralFigures(cepstra),
    ...detailFigures(cepstraOf(frames.narrow, COEFFICIENTS, NARROW_COEFFICIENTS)),
    ...modulationFigures(quartersOf(frames.wide), BAND_EDGES),
    ...modulationFigures(cepstra.slice(0, MODULATED_COEFFICIENTS), CEPSTRAL_EDGES),
    ...phaseFigures(frames),
    ...fineFigures(frames),
  ].map((value) => (Number.isFinite(value) ? value : 0));
}

/** Mean level over time of each quarter of the bands. */
function quartersOf(bands: readonly Float64Array[]): Float64Array[] {
  return Array.from({ length: bands.length / QUARTER }, (_, quarter) => {
    const members = bands.slice(quarter * QUARTER, (quarter + 1) * QUARTER);
    const [first = new Float64Array()] = members;
    return first.map(
      (_level, frame) => members.reduce((sum, band) => sum + (band[frame] as number), 0) / QUARTER,
    );
  });
}
