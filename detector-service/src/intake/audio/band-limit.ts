import { SpectrumAnalyser, frameCount } from './spectrum.js';

const FRAME = 4096;
/** At most this many frames, spread over the sound, are looked at. */
const MAX_FRAMES = 400;
/** A band counts as filled down to this far below the strongest one. Speech at 7 kHz lies some 50 dB below its peak, what a resampler leaves some 90 dB. */
const FLOOR_DB = 75;
/** Width of the bands, in hertz. */
const BAND = 250;
/** A limit closer than this to the half of the sample rate is that of the sample rate itself. */
const NEAR_NYQUIST = 0.9;

/**
 * The frequency above which a sound holds next to nothing although its sample rate has room for more, in hertz: it went through a telephone, a narrow
 * codec, or was made at a lower sample rate and resampled.
 *
 * @returns null where the sound fills its sample rate or is silent
 */
export function bandLimit(samples: Float32Array, sampleRate: number): number | null {
  const analyser = new SpectrumAnalyser(FRAME);
  const frames = frameCount(samples.length, FRAME, FRAME);
  if (frames === 0) return null;
  const stride = Math.max(1, Math.floor(frames / MAX_FRAMES));
  const power = new Float32Array(analyser.bins);
  const perBand = Math.max(1, Math.round((BAND * FRAME) / sampleRate));
  const bands = new Float64Array(Math.floor(analyser.bins / perBand));
  for (let frame = 0; frame < frames; frame += stride) {
    analyser.power(samples, frame * FRAME, power);
    for (let band = 0; band < bands.length; band += 1) {
      for (let k = 0; k < perBand; k += 1)
        bands[band] = (bands[band] as number) + (power[band * perBand + k] as number);
    }
  }
  const strongest = Math.max(...bands);
  if (strongest <= 0) return null;
  const floor = strongest * 10 ** (-FLOOR_DB / 10);
  let top = bands.length - 1;
  while (top > 0 && (bands[top] as number) < floor) top -= 1;
  const limit = ((top + 1) * perBand * sampleRate) / FRAME;
  return limit < (NEAR_NYQUIST * sampleRate) / 2 ? Math.round(limit / 100) * 100 : null;
}
