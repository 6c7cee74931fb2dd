import { FRAME, HOP, type SpeechFrames } from './frames.js';
import { momentsOf, quantileOf } from './statistics.js';

/** Bins of a frame above this share of the others in power count as strong: harmonics and formants. */
const STRONG = 0.8;
const TURN = 2 * Math.PI;

/**
 * Vocoders rebuild the phase, and not quite as a voice has it: the change of the phase advance from frame to frame at strong bins of voiced frames, and the
 * group delay at their strong bins, at their other bins, and in the other frames.
 */
export function phaseFigures(frames: SpeechFrames): number[] {
  const { count, bins, angles, power, isVoiced } = frames;
  const acceleration: number[] = [];
  const strongDelay: number[] = [];
  const otherDelay: number[] = [];
  const quietDelay: number[] = [];
  for (let frame = 0; frame < count; frame += 1) {
    const powers = power[frame] as Float64Array;
    const angle = angles[frame] as Float64Array;
    const threshold = quantileOf(powers, STRONG);
    for (let bin = 0; bin < bins; bin += 1) {
      const delay = wrapped((angle[bin + 1] as number) - (angle[bin] as number) + Math.PI);
      const isStrong = (powers[bin] as number) > threshold;
      if (!isVoiced[frame]) quietDelay.push(delay);
      else if (!isStrong) otherDelay.push(delay);
      else {
        strongDelay.push(delay);
        if (frame >= 2) acceleration.push(accelerationAt(frames, frame, bin));
      }
    }
  }
  return [acceleration, strongDelay, otherDelay, quietDelay].flatMap(summaryOf);
}

/** Difference of two successive phase advances, each less that of a steady tone in the middle of the bin. */
function accelerationAt({ angles, low }: SpeechFrames, frame: number, bin: number): number {
  const at = (index: number): number => angles[index]?.[bin] as number;
  const steady = (TURN * (low + bin) * HOP) / FRAME;
  const before = at(frame - 1) - at(frame - 2) - steady;
  const after = at(frame) - at(frame - 1) - steady;
  return wrapped(after - before);
}

/** Within half a turn of zero. */
function wrapped(angle: number): number {
  return angle - TURN * Math.round(angle / TURN);
}

/** Concentration of the angles and of their doubles, mean distance from zero, spread and peakedness. */
function summaryOf(angles: readonly number[]): number[] {
  const values = Float64Array.from(angles.length === 0 ? [0, 0] : angles);
  let distance = 0;
  let [cosines, sines, doubleCosines, doubleSines] = [0, 0, 0, 0];
  for (const value of values) {
    const cosine = Math.cos(value);
    const sine = Math.sin(value);
    distance += Math.abs(value);
    cosines += cosine;
    sines += sine;
    doubleCosines += cosine * cosine - sine * sine;
    doubleSines += 2 * cosine * sine;
  }
  const { deviation, kurtosis } = momentsOf(values);
  return [
    Math.hypot(cosines, sines) / values.length,
    Math.hypot(doubleCosines, doubleSines) / values.length,
    distance / values.length,
    deviation,
    kurtosis,
  ];
}
