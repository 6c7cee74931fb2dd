/** Grey values 0 (black) to 255, row by row. */
export interface Grey {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Turned by 90 degrees: columns become rows. */
export function transposed({ values, width, height }: Grey): Grey {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) out[x * height + y] = values[y * width + x] as number;
  }
  return { values: out, width: height, height: width };
}

/** The same from the last pixel to the first: turned by 180 degrees. */
export function upsideDown({ values, width, height }: Grey): Grey {
  return { values: values.slice().reverse(), width, height };
}

/** Between pixels, linearly; the edge repeats outwards. */
export function sample({ values, width, height }: Grey, x: number, y: number): number {
  const inX = Math.min(Math.max(x, 0), width - 1.001);
  const inY = Math.min(Math.max(y, 0), height - 1.001);
  const left = Math.floor(inX);
  const top = Math.floor(inY);
  const fx = inX - left;
  const at = top * width + left;
  const upper = (values[at] as number) * (1 - fx) + (values[at + 1] as number) * fx;
  const lower = (values[at + width] as number) * (1 - fx) + (values[at + width + 1] as number) * fx;
  return upper + (lower - upper) * (inY - top);
}

/** Sums over rectangles in constant time: entry (x, y) is the sum over everything above and to the left of it. */
export function integralOf({ values, width, height }: Grey): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += values[y * width + x] as number;
      sums[(y + 1) * stride + x + 1] = (sums[y * stride + x + 1] as number) + row;
    }
  }
  return sums;
}
