import type { SpeechFrames } from './frames.js';
import { momentsOf } from './statistics.js';

/**
 * What neighbouring bins tell: contrast between harmonics and valleys in louder and in quieter frames, lines that stay where they are all along (traces of
 * up-sampling), and how much single bins change from frame to frame.
 */
export function fineFigures({ power, isVoiced }: SpeechFrames): number[] {
  const level = power.map((bins) => bins.map(Math.log));
  const rough = level.map(roughnessOf);
  const every = joined(rough);
  const loud = rough.filter((_, frame) => isVoiced[frame]);
  const soft = rough.filter((_, frame) => !isVoiced[frame]);
  const kept = momentsOf(loud.length > 0 ? joined(loud) : every);
  const quiet = momentsOf(soft.length > 0 ? joined(soft) : every);
  const steady = meanOf(rough);
  const changes = level
    .slice(1)
    .map((bins, frame) => bins.map((value, bin) => value - (level[frame]?.[bin] as number)));
  return [
    kept.deviation,
    quiet.deviation,
    kept.kurtosis,
    kept.skewness,
    quiet.skewness,
    momentsOf(steady).deviation,
    steady.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    momentsOf(joined(changes)).deviation,
  ];
}

/** How far each bin stands above the mean of its neighbours. */
function roughnessOf(level: Float64Array): Float64Array {
  return Float64Array.from({ length: level.length - 2 }, (_, i) => {
    const below = level[i] as number;
    const above = level[i + 2] as number;
    return (level[i + 1] as number) - (below + above) / 2;
  });
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) row.forEach((value, i) => (sum[i] = (sum[i] as number) + value));
  return sum.map((value) => value / rows.length);
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const all = new Float64Array(rows.length * width);
  rows.forEach((row, i) => all.set(row, i * width));
  return all;
}
