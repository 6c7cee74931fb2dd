/** A rectangle of whole pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Sums over windows of `2 radius + 1` pixels a side, cut off at the edges; rows of `width` values. */
export function windowSums(values: Float32Array, width: number, radius: number): Float32Array {
  if (between.length < values.length) between = new Float32Array(values.length);
  sumsAlongRows(values, between, width, radius);
  return sumsAlongColumns(between.subarray(0, values.length), width, radius);
}

/** What one pass leaves for the next, kept from call to call. */
let between = new Float32Array(0);

/** The sum moves along the row: each step adds the value that comes into the window and takes off the one that leaves it. */
function sumsAlongRows(
  values: Float32Array,
  sums: Float32Array,
  width: number,
  radius: number,
): void {
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let x = 0; x < Math.min(radius, width); x += 1) sum += values[start + x] as number;
    for (let x = 0; x < width; x += 1) {
      if (x + radius < width) sum += values[start + x + radius] as number;
      if (x > radius) sum -= values[start + x - radius - 1] as number;
      sums[start + x] = sum;
    }
  }
}

/** The same down all columns at once, so that memory is read in its order. */
function sumsAlongColumns(values: Float32Array, width: number, radius: number): Float32Array {
  const size = values.length;
  const sums = new Float32Array(size);
  const column = new Float64Array(width);
  for (let at = 0; at < Math.min(radius * width, size); at += width) {
    for (let x = 0; x < width; x += 1)
      column[x] = (column[x] as number) + (values[at + x] as number);
  }
  for (let at = 0; at < size; at += width) {
    const coming = at + radius * width;
    const leaving = at - (radius + 1) * width;
    if (coming < size) {
      for (let x = 0; x < width; x += 1) {
        column[x] = (column[x] as number) + (values[coming + x] as number);
      }
    }
    if (leaving >= 0) {
      for (let x = 0; x < width; x += 1) {
        column[x] = (column[x] as number) - (values[leaving + x] as number);
      }
    }
    for (let x = 0; x < width; x += 1) sums[at + x] = column[x] as number;
  }
  return sums;
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
