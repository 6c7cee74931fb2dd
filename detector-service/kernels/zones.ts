/** Lines of print: where a picture is striped as by them, strips cut out of it, and their ink. Grey values in single precision, row by row. */

/**
 * Mean horizontal contrast over a window of `2 radius + 1` columns and three rows; 0 in the first row and the last.
 *
 * @param room f32: a plane, then `width`
 */
export function stripes(
  from: usize,
  to: usize,
  width: i32,
  height: i32,
  radius: i32,
  room: usize,
): void {
  const stride = (<usize>width) << 2;
  const contrast = room + <usize>height * stride;
  const span = <f64>(2 * radius + 1);
  store<f32>(contrast, 0);
  store<f32>(contrast + stride - 4, 0);
  for (let y = 0; y < height; y += 1) {
    const row = from + <usize>y * stride;
    const across = room + <usize>y * stride;
    for (let x = 1; x < width - 1; x += 1) {
      const at = row + ((<usize>x) << 2);
      store<f32>(contrast + ((<usize>x) << 2), abs(load<f32>(at + 4) - load<f32>(at - 4)));
    }
    let sum: f64 = 0;
    for (let x = 0; x < width + radius; x += 1) {
      if (x < width) sum += <f64>load<f32>(contrast + ((<usize>x) << 2));
      if (x > 2 * radius) {
        sum -= <f64>load<f32>(contrast + ((<usize>(x - 2 * radius - 1)) << 2));
      }
      if (x >= radius) store<f32>(across + ((<usize>(x - radius)) << 2), <f32>(sum / span));
    }
  }
  memory.fill(to, 0, stride);
  for (let y = 1; y < height - 1; y += 1) {
    const middle = room + <usize>y * stride;
    const out = to + <usize>y * stride;
    for (let x: usize = 0; x < stride; x += 4) {
      const sum =
        <f64>load<f32>(middle + x - stride) +
        <f64>load<f32>(middle + x) +
        <f64>load<f32>(middle + x + stride);
      store<f32>(out + x, <f32>(sum / 3));
    }
  }
  if (height > 1) memory.fill(to + <usize>(height - 1) * stride, 0, stride);
}

/**
 * Samples a plane along a turned grid; the edge repeats outwards.
 *
 * @param x of the grid's middle in the plane, and `y`; `cos` and `sin` lead from one column to the next
 */
export function cut(
  from: usize,
  width: i32,
  height: i32,
  x: f64,
  y: f64,
  cos: f64,
  sin: f64,
  to: usize,
  outWidth: i32,
  outHeight: i32,
): void {
  for (let row = 0; row < outHeight; row += 1) {
    const across = <f64>row - <f64>outHeight / 2;
    for (let column = 0; column < outWidth; column += 1) {
      const along = <f64>column - <f64>outWidth / 2;
      const atX = x + along * cos - across * sin;
      const atY = y + along * sin + across * cos;
      store<f32>(to, <f32>sample(from, width, height, atX, atY));
      to += 4;
    }
  }
}

function sample(plane: usize, width: i32, height: i32, x: f64, y: f64): f64 {
  const inX = min(max(x, 0), <f64>width - 1.001);
  const inY = min(max(y, 0), <f64>height - 1.001);
  const left = <i32>inX;
  const top = <i32>inY;
  const fx = inX - <f64>left;
  const at = plane + ((<usize>(top * width + left)) << 2);
  const below = at + ((<usize>width) << 2);
  const upper = <f64>load<f32>(at) * (1 - fx) + <f64>load<f32>(at, 4) * fx;
  const lower = <f64>load<f32>(below) * (1 - fx) + <f64>load<f32>(below, 4) * fx;
  return upper + (lower - upper) * (inY - <f64>top);
}

/**
 * Each pixel with its neighbours by weights of 1, 2, 1 both ways; those at the edge stay as they are.
 *
 * @param room f64: `width`
 */
export function smooth(from: usize, to: usize, width: i32, height: i32, room: usize): void {
  const stride = (<usize>width) << 2;
  memory.copy(to, from, <usize>height * stride);
  for (let y = 1; y < height - 1; y += 1) {
    const row = from + <usize>y * stride;
    const out = to + <usize>y * stride;
    for (let x = 0; x < width; x += 1) {
      const at = row + ((<usize>x) << 2);
      const sum =
        <f64>load<f32>(at - stride) + 2 * <f64>load<f32>(at) + <f64>load<f32>(at + stride);
      store<f64>(room + ((<usize>x) << 3), sum);
    }
    for (let x = 1; x < width - 1; x += 1) {
      const at = room + ((<usize>x) << 3);
      const sum = load<f64>(at - 8) + 2 * load<f64>(at) + load<f64>(at, 8);
      store<f32>(out + ((<usize>x) << 2), <f32>(sum / 16));
    }
  }
}

/** Half the side of the surroundings that ink is darker than. */
const RADIUS = 22;

/**
 * Marks pixels clearly darker than their surroundings with 1, others with 0.
 *
 * @param to bytes
 * @param room f64: `(width + 1) x (height + 1)`
 */
export function markInk(from: usize, to: usize, width: i32, height: i32, room: usize): void {
  integrate(from, width, height, room);
  const stride = (<usize>(width + 1)) << 3;
  for (let y = 0; y < height; y += 1) {
    const top = max(0, y - RADIUS);
    const bottom = min(height, y + RADIUS + 1);
    const above = room + <usize>top * stride;
    const below = room + <usize>bottom * stride;
    for (let x = 0; x < width; x += 1) {
      const left = max(0, x - RADIUS);
      const right = min(width, x + RADIUS + 1);
      const sum =
        load<f64>(below + ((<usize>right) << 3)) -
        load<f64>(above + ((<usize>right) << 3)) -
        load<f64>(below + ((<usize>left) << 3)) +
        load<f64>(above + ((<usize>left) << 3));
      const mean = sum / <f64>((bottom - top) * (right - left));
      store<u8>(to, <u8>(<f64>load<f32>(from) < mean - max(6, 0.06 * mean)));
      to += 1;
      from += 4;
    }
  }
}

/** Sums over everything above and to the left. */
function integrate(from: usize, width: i32, height: i32, to: usize): void {
  const stride = (<usize>(width + 1)) << 3;
  memory.fill(to, 0, stride);
  for (let y = 0; y < height; y += 1) {
    const above = to + <usize>y * stride;
    const out = above + stride;
    store<f64>(out, 0);
    let row: f64 = 0;
    for (let x = 0; x < width; x += 1) {
      row += <f64>load<f32>(from);
      const at = (<usize>(x + 1)) << 3;
      store<f64>(out + at, load<f64>(above + at) + row);
      from += 4;
    }
  }
}
