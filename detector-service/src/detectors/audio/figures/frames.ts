import { JUDGED_RATE } from '../../../intake/audio/collector.js';
import { SpectrumAnalyser } from '../../../intake/audio/spectrum.js';
import { quantileOf } from './statistics.js';

export const FRAME = 512;
export const HOP = 128;
/** Bins of 300 to 3400 Hz, the band of a telephone; the upper one is past the end. */
export const LOW = Math.floor((300 * FRAME) / JUDGED_RATE);
export const HIGH = Math.floor((3400 * FRAME) / JUDGED_RATE);
/** Bins that are grouped into bands: the most that both counts of bands divide. */
const WIDE_BANDS = 24;
const NARROW_BANDS = 48;
const BAND_BINS = Math.floor((HIGH - LOW) / WIDE_BANDS) * WIDE_BANDS;
/** Keeps the logarithm of digital silence finite. */
const FLOOR = 1e-10;
/** Share of the quietest frames, which count as pauses and consonants. */
const UNVOICED = 0.4;

/** Spectra of overlapping frames, as the groups of figures need them. Values over time are one array a bin or band. */
export interface SpeechFrames {
  readonly count: number;
  /** Phase by frame, of the bins from {@link LOW} to {@link HIGH} inclusive. */
  readonly angles: readonly Float64Array[];
  /** Power by frame, of the bins from {@link LOW} up to {@link HIGH}. */
  readonly power: readonly Float64Array[];
  /** Logarithmic power over time of 24 bands. */
  readonly wide: readonly Float64Array[];
  /** The same of 48 bands. */
  readonly narrow: readonly Float64Array[];
  /** Whether a frame is among the louder ones. */
  readonly isVoiced: readonly boolean[];
}

const analyser = new SpectrumAnalyser(FRAME);

/** @param samples one channel at 16 kHz, trimmed and levelled */
export function framesOf(samples: Float32Array): SpeechFrames {
  const count = 1 + Math.max(0, Math.floor((samples.length - FRAME) / HOP));
  const angles: Float64Array[] = [];
  const power: Float64Array[] = [];
  for (let frame = 0; frame < count; frame += 1) {
    const { real, imaginary } = analyser.spectrum(samples, frame * HOP);
    const angle = new Float64Array(HIGH - LOW + 1);
    const squared = new Float64Array(HIGH - LOW);
    for (let bin = LOW; bin <= HIGH; bin += 1) {
      const re = real[bin] as number;
      const im = imaginary[bin] as number;
      angle[bin - LOW] = Math.atan2(im, re);
      if (bin < HIGH) squared[bin - LOW] = re * re + im * im + FLOOR;
    }
    angles.push(angle);
    power.push(squared);
  }
  const wide = levelsOf(power, WIDE_BANDS);
  return {
    count,
    angles,
    power,
    wide,
    narrow: levelsOf(power, NARROW_BANDS),
    isVoiced: voicedOf(wide, count),
  };
}

function levelsOf(power: readonly Float64Array[], bands: number): Float64Array[] {
  const width = BAND_BINS / bands;
  return Array.from({ length: bands }, (_, band) =>
    Float64Array.from(power, (bins) => {
      let sum = 0;
      for (let bin = band * width; bin < (band + 1) * width; bin += 1) sum += bins[bin] as number;
      return Math.log(sum / width);
    }),
  );
}

function voicedOf(wide: readonly Float64Array[], count: number): boolean[] {
  const loudness = new Float64Array(count);
  for (const band of wide) {
    band.forEach((level, frame) => {
      loudness[frame] = (loudness[frame] as number) + level / wide.length;
    });
  }
  const threshold = quantileOf(loudness, UNVOICED);
  return Array.from(loudness, (level) => level > threshold);
}
