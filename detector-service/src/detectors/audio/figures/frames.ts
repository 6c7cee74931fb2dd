import { JUDGED_RATE } from '../../../intake/audio/collector.js';
import { SpectrumAnalyser } from '../../../intake/audio/spectrum.js';
import { quantileOf } from './statistics.js';

export const FRAME = 512;
export const HOP = 128;

/** A range of frequencies in hertz. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** Numbers of equally wide groups of bins. */
const WIDE_LEVELS = 24;
const NARROW_LEVELS = 48;
/** Keeps the logarithm of digital silence finite. */
const FLOOR = 1e-10;
/** Share of the quietest frames, which count as pauses and consonants. */
const UNVOICED = 0.4;

/** Spectra of overlapping frames within a band, as the groups of figures need them. Values over time are one array a group of bins. */
export interface SpeechFrames {
  readonly count: number;
  /** First bin of the band. */
  readonly low: number;
  /** Bins of the band. */
  readonly bins: number;
  /** Phase by frame, of the bins of the band and one more. */
  readonly angles: readonly Float64Array[];
  /** Power by frame, of the bins of the band. */
  readonly power: readonly Float64Array[];
  /** Logarithmic power over time of 24 groups of bins. */
  readonly wide: readonly Float64Array[];
  /** The same of 48 groups. */
  readonly narrow: readonly Float64Array[];
  /** Whether a frame is among the louder ones. */
  readonly isVoiced: readonly boolean[];
}

const analyser = new SpectrumAnalyser(FRAME);

/** @param samples one channel at 16 kHz, trimmed and levelled */
export function framesOf(samples: Float32Array, { from, to }: Band): SpeechFrames {
  const low = binOf(from);
  const bins = binOf(to) - low;
  const count = 1 + Math.max(0, Math.floor((samples.length - FRAME) / HOP));
  const angles: Float64Array[] = [];
  const power: Float64Array[] = [];
  for (let frame = 0; frame < count; frame += 1) {
    const { real, imaginary } = analyser.spectrum(samples, frame * HOP);
    const angle = new Float64Array(bins + 1);
    const squared = new Float64Array(bins);
    for (let bin = 0; bin <= bins; bin += 1) {
      const re = real[low + bin] as number;
      const im = imaginary[low + bin] as number;
      angle[bin] = Math.atan2(im, re);
      if (bin < bins) squared[bin] = re * re + im * im + FLOOR;
    }
    angles.push(angle);
    power.push(squared);
  }
  const wide = levelsOf(power, bins, WIDE_LEVELS);
  return {
    count,
    low,
    bins,
    angles,
    power,
    wide,
    narrow: levelsOf(power, bins, NARROW_LEVELS),
    isVoiced: voicedOf(wide, count),
  };
}

function binOf(hertz: number): number {
  return Math.floor((hertz * FRAME) / JUDGED_RATE);
}

/** Bins at the top that do not fill all groups are left out. */
function levelsOf(power: readonly Float64Array[], bins: number, groups: number): Float64Array[] {
  const width = (Math.floor(bins / NARROW_LEVELS) * NARROW_LEVELS) / groups;
  return Array.from({ length: groups }, (_, group) =>
    Float64Array.from(power, (values) => {
      let sum = 0;
      for (let i = group * width; i < (group + 1) * width; i += 1) sum += values[i] as number;
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
