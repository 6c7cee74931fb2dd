/** Gaussian blur, separable: each row is blurred along itself into a ring of rows, over which the columns are summed. */

/**
 * @param from plane, f32
 * @param to plane, f32, another one
 * @param weights f64, `2 radius + 1`; edges repeat outwards
 * @param room f64: `width + 2 radius + 8` for a padded row, then `2 radius + 1` rows of `width + 8`
 */
export function blur(
  from: usize,
  to: usize,
  width: i32,
  height: i32,
  weights: usize,
  radius: i32,
  room: usize,
): void {
  const taps = 2 * radius + 1;
  const padded = room;
  const ring = room + ((<usize>(width + 2 * radius + 8)) << 3);
  const stride = (<usize>(width + 8)) << 3;
  let ready = 0;
  for (let y = 0; y < height; y += 1) {
    const needed = min(height, y + radius + 1);
    for (; ready < needed; ready += 1) {
      pad(from + ((<usize>(ready * width)) << 2), width, radius, padded);
      alongRow(padded, ring + <usize>(ready % taps) * stride, width, weights, taps);
    }
    alongColumns(ring, stride, y, to + ((<usize>(y * width)) << 2), width, height, weights, radius);
  }
}

function pad(row: usize, width: i32, radius: i32, padded: usize): void {
  const first = <f64>load<f32>(row);
  for (let x = 0; x < radius; x += 1) store<f64>(padded + ((<usize>x) << 3), first);
  const middle = padded + ((<usize>radius) << 3);
  for (let x = 0; x < width; x += 1) {
    store<f64>(middle + ((<usize>x) << 3), <f64>load<f32>(row + ((<usize>x) << 2)));
  }
  const last = <f64>load<f32>(row + ((<usize>(width - 1)) << 2));
  for (let x = width; x < width + radius + 8; x += 1) {
    store<f64>(middle + ((<usize>x) << 3), last);
  }
}

/** Sums are rounded to single precision, as the planes hold them, and kept as f64, as they are added up next. */
function alongRow(padded: usize, to: usize, width: i32, weights: usize, taps: i32): void {
  for (let x = 0; x < width; x += 8) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    let at = padded + ((<usize>x) << 3);
    const end = weights + ((<usize>taps) << 3);
    for (let w = weights; w < end; w += 8) {
      const weight = v128.load64_splat(w);
      a = f64x2.add(a, f64x2.mul(v128.load(at), weight));
      b = f64x2.add(b, f64x2.mul(v128.load(at, 16), weight));
      c = f64x2.add(c, f64x2.mul(v128.load(at, 32), weight));
      d = f64x2.add(d, f64x2.mul(v128.load(at, 48), weight));
      at += 8;
    }
    const out = to + ((<usize>x) << 3);
    v128.store(out, rounded(a));
    v128.store(out, rounded(b), 16);
    v128.store(out, rounded(c), 32);
    v128.store(out, rounded(d), 48);
  }
}

function rounded(value: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(value));
}

function alongColumns(
  ring: usize,
  stride: usize,
  y: i32,
  to: usize,
  width: i32,
  height: i32,
  weights: usize,
  radius: i32,
): void {
  const taps = 2 * radius + 1;
  for (let x = 0; x < width; x += 8) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    const across = ring + ((<usize>x) << 3);
    for (let k = 0; k < taps; k += 1) {
      const row = max(0, min(height - 1, y + k - radius));
      const at = across + <usize>(row % taps) * stride;
      const weight = v128.load64_splat(weights + ((<usize>k) << 3));
      a = f64x2.add(a, f64x2.mul(v128.load(at), weight));
      b = f64x2.add(b, f64x2.mul(v128.load(at, 16), weight));
      c = f64x2.add(c, f64x2.mul(v128.load(at, 32), weight));
      d = f64x2.add(d, f64x2.mul(v128.load(at, 48), weight));
    }
    const out = to + ((<usize>x) << 2);
    const first = pair(a, b);
    const second = pair(c, d);
    if (x + 8 <= width) {
      v128.store(out, first);
      v128.store(out, second, 16);
    } else {
      storeSome(out, first, min(4, width - x));
      storeSome(out + 16, second, width - x - 4);
    }
  }
}

/** Four values in single precision. */
function pair(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

function storeSome(to: usize, values: v128, count: i32): void {
  if (count > 0) store<f32>(to, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(to + 4, f32x4.extract_lane(values, 1));
  if (count > 2) store<f32>(to + 8, f32x4.extract_lane(values, 2));
  if (count > 3) store<f32>(to + 12, f32x4.extract_lane(values, 3));
}
