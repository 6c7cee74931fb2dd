import { JUDGED_RATE } from '../../intake/audio/collector.js';

/** Trimming and levelling as `training/audio/clips.py` does them: neither silence around speech nor its loudness is a trait of the voice. */

const TRIM_FRAME = JUDGED_RATE / 100;
/** Share of the loudest frame's power, 30 dB below it, down to which a frame belongs to the sound. */
const TRIM_SHARE = 1e-3;
const LEVEL_FRAME = JUDGED_RATE / 50;
/** Frames within 20 dB of the loudest count for the level. */
const LEVEL_SHARE = 1e-2;

/** From the first loud sample to past the last loud one; empty where there is none. */
export function loudRange(samples: Float32Array): { readonly from: number; readonly to: number } {
  const power = framePower(samples, TRIM_FRAME);
  const threshold = highest(power) * TRIM_SHARE;
  const isLoud = (value: number): boolean => value > threshold;
  const first = power.findIndex(isLoud);
  return {
    from: Math.max(0, first) * TRIM_FRAME,
    to: (power.findLastIndex(isLoud) + 1) * TRIM_FRAME,
  };
}

export function trimmed(samples: Float32Array): Float32Array {
  const { from, to } = loudRange(samples);
  return samples.subarray(from, to);
}

/**
 * Brings the root mean square of the loud frames to a level.
 *
 * @param level as a share of full scale
 */
export function levelled(samples: Float32Array, level: number): Float32Array {
  const power = framePower(samples, LEVEL_FRAME);
  const threshold = highest(power) * LEVEL_SHARE;
  const loud = power.filter((value) => value > threshold);
  if (loud.length === 0) return samples;
  const mean = loud.reduce((sum, value) => sum + value, 0) / loud.length;
  const gain = level / Math.sqrt(mean);
  return samples.map((sample) => sample * gain);
}

/** Mean square of each whole frame. */
function framePower(samples: Float32Array, frame: number): Float64Array {
  return Float64Array.from({ length: Math.floor(samples.length / frame) }, (_, i) => {
    let sum = 0;
    for (let at = i * frame; at < (i + 1) * frame; at += 1) sum += (samples[at] as number) ** 2;
    return sum / frame;
  });
}

function highest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
