import { JUDGED_RATE } from '../../../intake/audio/collector.js';
import { SpectrumAnalyser } from '../../../intake/audio/spectrum.js';
import { HOP } from './frames.js';

/** Longer than the frames of a window of four seconds, so that shorter ones are padded to the same resolution. */
const analyser = new SpectrumAnalyser(1024, 'none');
const HERTZ_A_BIN = JUDGED_RATE / HOP / analyser.size;

/**
 * How much of the movement of each track is slow, syllabic, rough or faster: logarithms of the shares of power between neighbouring edges.
 *
 * @param tracks values over time
 * @param edges in hertz, ascending
 * @returns for each range in turn one value a track
 */
export function modulationFigures(
  tracks: readonly Float64Array[],
  edges: readonly number[],
): number[] {
  const shares = tracks.map((track) => sharesOf(track, edges));
  return edges.slice(1).flatMap((_, range) => shares.map((share) => share[range] as number));
}

function sharesOf(track: Float64Array, edges: readonly number[]): Float64Array {
  const mean = track.reduce((sum, value) => sum + value, 0) / track.length;
  const { real, imaginary } = analyser.spectrum(
    track.map((value) => value - mean),
    0,
  );
  const ranges = new Float64Array(edges.length - 1);
  for (let bin = 0; bin < analyser.bins; bin += 1) {
    const hertz = bin * HERTZ_A_BIN;
    const range = edges.findLastIndex((edge) => hertz >= edge);
    if (range < 0 || range >= ranges.length) continue;
    const power = (real[bin] as number) ** 2 + (imaginary[bin] as number) ** 2;
    ranges[range] = (ranges[range] as number) + power;
  }
  const all = ranges.reduce((sum, power) => sum + power, 0) + 1e-12;
  return ranges.map((power) => Math.log(power / all + 1e-6));
}
