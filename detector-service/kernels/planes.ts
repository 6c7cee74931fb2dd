/** Planes of pixels: single precision, row by row. */

/** Luma of 8-bit RGB (ITU-R BT.601). */
export function luma(rgb: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 1) {
    const value =
      0.299 * <f64>load<u8>(rgb) + 0.587 * <f64>load<u8>(rgb + 1) + 0.114 * <f64>load<u8>(rgb + 2);
    store<f32>(to + ((<usize>i) << 2), <f32>value);
    rgb += 3;
  }
}

/** What the second plane leaves of the first. */
export function difference(a: usize, b: usize, to: usize, count: i32): void {
  let i: usize = 0;
  const size = (<usize>count) << 2;
  for (; i + 16 <= size; i += 16) {
    v128.store(to + i, f32x4.sub(v128.load(a + i), v128.load(b + i)));
  }
  for (; i < size; i += 4) store<f32>(to + i, load<f32>(a + i) - load<f32>(b + i));
}

/** Bilinear value at a place; places outside take the nearest edge. */
export function sample(plane: usize, width: i32, height: i32, x: f64, y: f64): f64 {
  const column = min(<f64>width - 1.001, max(0, x));
  const row = min(<f64>height - 1.001, max(0, y));
  const left = <i32>column;
  const top = <i32>row;
  const across = column - <f64>left;
  const down = row - <f64>top;
  const at = plane + ((<usize>(top * width + left)) << 2);
  const below = at + (top + 1 < height ? (<usize>width) << 2 : 0);
  const upper = <f64>load<f32>(at) * (1 - across) + <f64>load<f32>(at, 4) * across;
  const lower = <f64>load<f32>(below) * (1 - across) + <f64>load<f32>(below, 4) * across;
  return upper * (1 - down) + lower * down;
}

/** Samples a plane at every `factor`-th place along both axes. */
export function reduce(
  from: usize,
  width: i32,
  height: i32,
  factor: f64,
  to: usize,
  outWidth: i32,
  outHeight: i32,
): void {
  for (let y = 0; y < outHeight; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      store<f32>(to, <f32>sample(from, width, height, <f64>x * factor, <f64>y * factor));
      to += 4;
    }
  }
}
