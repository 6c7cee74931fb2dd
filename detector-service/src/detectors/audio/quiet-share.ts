/** Samples of a frame: 25 milliseconds at 16 kHz. */
const FRAME = 400;
/** Frames that are compared with each other: a second of them. */
const GROUP = 40;

/**
 * Share of the frames whose power is below half the mean of the second around them: speech falls quiet between syllables, most music does not. The "low
 * short-time energy ratio" of Lu, Jiang and Zhang, "Content analysis for audio classification and segmentation" (2002).
 *
 * @param samples one channel at 16 kHz, without silence at its ends
 * @returns 0..1; 0 where there is less than a frame
 */
export function quietShare(samples: Float32Array): number {
  const power = Float64Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) => {
    let sum = 0;
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i += 1) sum += (samples[i] as number) ** 2;
    return sum / FRAME;
  });
  if (power.length === 0) return 0;
  const shares: number[] = [];
  for (let start = 0; start === 0 || start + GROUP <= power.length; start += GROUP / 2) {
    const group = power.subarray(start, start + GROUP);
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    shares.push(group.filter((value) => value < mean / 2).length / group.length);
  }
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
