/** A rectangle of whole pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Sums over windows of `2 radius + 1` pixels a side, cut off at the edges; rows of `width` values. */
export function windowSums(values: Float32Array, width: number, radius: number): Float32Array {
  const height = values.length / width;
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) {
    runningSum(values, rows, y * width, 1, width, radius);
  }
  const sums = new Float32Array(values.length);
  for (let x = 0; x < width; x += 1) runningSum(rows, sums, x, width, height, radius);
  return sums;
}

function runningSum(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  for (let i = 0; i < Math.min(radius, length); i += 1) sum += from[start + i * step] as number;
  for (let i = 0; i < length; i += 1) {
    if (i + radius < length) sum += from[start + (i + radius) * step] as number;
    if (i - radius > 0) sum -= from[start + (i - radius - 1) * step] as number;
    to[start + i * step] = sum;
  }
}

/** Smooths the rim of a mask and drops specks: a pixel stays or comes where most of its neighbourhood is set. */
export function majority(mask: Uint8Array, width: number, radius: number): Uint8Array {
  const values = Float32Array.from(mask);
  const sums = windowSums(values, width, radius);
  const sizes = windowSums(new Float32Array(mask.length).fill(1), width, radius);
  return mask.map((_, i) => ((sums[i] as number) >= 0.6 * (sizes[i] as number) ? 1 : 0));
}

/** What hangs together, over edges of pixels, with any of the seeds. */
export function connectedTo(mask: Uint8Array, width: number, seeds: readonly number[]): Uint8Array {
  const kept = new Uint8Array(mask.length);
  const open = seeds.filter((at) => mask[at] === 1);
  for (const at of open) kept[at] = 1;
  while (open.length > 0) {
    const at = open.pop() as number;
    const column = at % width;
    const neighbours = [
      column > 0 ? at - 1 : -1,
      column < width - 1 ? at + 1 : -1,
      at - width,
      at + width,
    ];
    for (const next of neighbours) {
      if (mask[next] !== 1 || kept[next] === 1) continue;
      kept[next] = 1;
      open.push(next);
    }
  }
  return kept;
}
