/** Grey values 0 (black) to 255, row by row. */
export interface Grey {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** The rectangle must lie inside. */
export function regionOf(
  { values, width: stride }: Grey,
  left: number,
  top: number,
  width: number,
  height: number,
): Grey {
  const region = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (top + y) * stride + left;
    region.set(values.subarray(from, from + width), y * width);
  }
  return { values: region, width, height };
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
