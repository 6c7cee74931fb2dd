/** Strength of corners (Harris and Stephens 1988) and its peaks. */

/**
 * Determinant over trace of the gradients' covariance, summed over windows of `2 radius + 1` pixels.
 *
 * @param from plane, f32
 * @param to plane, f32
 * @param room bytes: 6 rows of products, f32; a ring of `2 radius + 2` times 3 rows of their sums, f32; 3 rows of column sums, f64, zero; each of `width + 4`
 */
export function cornerStrength(
  from: usize,
  to: usize,
  width: i32,
  height: i32,
  radius: i32,
  room: usize,
): void {
  const row = (<usize>(width + 4)) << 2;
  const products = room;
  const ring = products + 3 * row;
  const slots = 2 * radius + 2;
  const columns = ring + <usize>(3 * slots) * row;
  memory.fill(columns, 0, 6 * row);
  const side = <f64>(2 * radius + 1);
  const scale = 1 / (side * side);
  for (let coming = 0; coming < height + radius; coming += 1) {
    if (coming < height) {
      const sums = ring + <usize>(3 * (coming % slots)) * row;
      gradients(from, width, height, coming, products, row);
      alongRow(products, sums, width, radius, row);
      for (let i = 0; i < 3; i += 1) {
        add(columns + <usize>i * 2 * row, sums + <usize>i * row, width);
      }
    }
    const y = coming - radius;
    if (y < 0) continue;
    if (y > radius) {
      const sums = ring + <usize>(3 * ((y - radius - 1) % slots)) * row;
      for (let i = 0; i < 3; i += 1) {
        subtract(columns + <usize>i * 2 * row, sums + <usize>i * row, width);
      }
    }
    strengths(columns, row, to + ((<usize>(y * width)) << 2), width, scale);
  }
}

/** Products of the gradients of one row; none at the picture's edge. */
function gradients(from: usize, width: i32, height: i32, y: i32, to: usize, row: usize): void {
  if (y === 0 || y === height - 1) {
    memory.fill(to, 0, 3 * row);
    return;
  }
  for (let i: usize = 0; i < 3; i += 1) {
    store<f32>(to + i * row, 0);
    store<f32>(to + i * row + ((<usize>(width - 1)) << 2), 0);
  }
  const stride = (<usize>width) << 2;
  const start = from + <usize>y * stride;
  const half = f64x2.splat(0.5);
  let x = 1;
  for (; x + 2 < width; x += 2) {
    const at = start + ((<usize>x) << 2);
    const dx = f64x2.mul(f64x2.sub(two(at + 4), two(at - 4)), half);
    const dy = f64x2.mul(f64x2.sub(two(at + stride), two(at - stride)), half);
    const out = to + ((<usize>x) << 2);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.mul(dx, dx)), 0);
    v128.store64_lane(out + row, f32x4.demote_f64x2_zero(f64x2.mul(dy, dy)), 0);
    v128.store64_lane(out + 2 * row, f32x4.demote_f64x2_zero(f64x2.mul(dx, dy)), 0);
  }
  for (; x + 1 < width; x += 1) {
    const at = start + ((<usize>x) << 2);
    const dx = (<f64>load<f32>(at + 4) - <f64>load<f32>(at - 4)) / 2;
    const dy = (<f64>load<f32>(at + stride) - <f64>load<f32>(at - stride)) / 2;
    const out = to + ((<usize>x) << 2);
    store<f32>(out, <f32>(dx * dx));
    store<f32>(out + row, <f32>(dy * dy));
    store<f32>(out + 2 * row, <f32>(dx * dy));
  }
}

function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Moving sums along three rows at once. */
function alongRow(from: usize, to: usize, width: i32, radius: i32, row: usize): void {
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  for (let x = 0; x < min(radius, width); x += 1) {
    const at = from + ((<usize>x) << 2);
    a += <f64>load<f32>(at);
    b += <f64>load<f32>(at + row);
    c += <f64>load<f32>(at + 2 * row);
  }
  for (let x = 0; x < width; x += 1) {
    if (x + radius < width) {
      const at = from + ((<usize>(x + radius)) << 2);
      a += <f64>load<f32>(at);
      b += <f64>load<f32>(at + row);
      c += <f64>load<f32>(at + 2 * row);
    }
    if (x > radius) {
      const at = from + ((<usize>(x - radius - 1)) << 2);
      a -= <f64>load<f32>(at);
      b -= <f64>load<f32>(at + row);
      c -= <f64>load<f32>(at + 2 * row);
    }
    const out = to + ((<usize>x) << 2);
    store<f32>(out, <f32>a);
    store<f32>(out + row, <f32>b);
    store<f32>(out + 2 * row, <f32>c);
  }
}

function add(columns: usize, row: usize, width: i32): void {
  for (let x = 0; x < width; x += 2) {
    const at = columns + ((<usize>x) << 3);
    v128.store(at, f64x2.add(v128.load(at), two(row + ((<usize>x) << 2))));
  }
}

function subtract(columns: usize, row: usize, width: i32): void {
  for (let x = 0; x < width; x += 2) {
    const at = columns + ((<usize>x) << 3);
    v128.store(at, f64x2.sub(v128.load(at), two(row + ((<usize>x) << 2))));
  }
}

function strengths(columns: usize, row: usize, to: usize, width: i32, scale: f64): void {
  const scales = f64x2.splat(scale);
  const little = f64x2.splat(1e-6);
  for (let x = 0; x < width; x += 2) {
    const at = columns + ((<usize>x) << 3);
    const p = single(v128.load(at));
    const q = single(v128.load(at + 2 * row));
    const r = single(v128.load(at + 4 * row));
    const determinant = f64x2.sub(f64x2.mul(p, q), f64x2.mul(r, r));
    const trace = f64x2.add(f64x2.add(p, q), little);
    const value = f32x4.demote_f64x2_zero(f64x2.div(f64x2.mul(scales, determinant), trace));
    const out = to + ((<usize>x) << 2);
    if (x + 1 < width) v128.store64_lane(out, value, 0);
    else store<f32>(out, f32x4.extract_lane(value, 0));
  }
}

/** Rounded to single precision. */
function single(value: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(value));
}

/**
 * Places of at least `least` that nothing within two pixels exceeds; of equal ones the first counts.
 *
 * @param edge at least 2
 * @param to index of each place, u32, in their order; room for a ninth of the plane
 * @returns how many
 */
export function peaks(
  plane: usize,
  width: i32,
  height: i32,
  edge: i32,
  least: f32,
  to: usize,
): i32 {
  const stride = (<usize>width) << 2;
  const limit = f32x4.splat(least);
  let count = 0;
  for (let y = edge; y < height - edge; y += 1) {
    for (let x = edge; x < width - edge; x += 4) {
      const at = plane + ((<usize>(y * width + x)) << 2);
      const value = v128.load(at);
      let found = f32x4.ge(value, limit);
      if (!v128.any_true(found)) continue;
      const above = f32x4.pmax(widest(at - 2 * stride), widest(at - stride));
      const before = f32x4.pmax(v128.load(at - 8), v128.load(at - 4));
      found = v128.and(found, f32x4.gt(value, f32x4.pmax(above, before)));
      if (!v128.any_true(found)) continue;
      const below = f32x4.pmax(widest(at + stride), widest(at + 2 * stride));
      const after = f32x4.pmax(v128.load(at + 4), v128.load(at + 8));
      found = v128.and(found, f32x4.ge(value, f32x4.pmax(below, after)));
      const bits = i32x4.bitmask(found);
      for (let lane = 0; lane < 4 && x + lane < width - edge; lane += 1) {
        if (((bits >> lane) & 1) === 0) continue;
        store<u32>(to + ((<usize>count) << 2), <u32>(y * width + x + lane));
        count += 1;
      }
    }
  }
  return count;
}

/** The largest of five neighbours in a row, for four places. */
function widest(at: usize): v128 {
  const near = f32x4.pmax(v128.load(at - 4), v128.load(at + 4));
  const far = f32x4.pmax(v128.load(at - 8), v128.load(at + 8));
  return f32x4.pmax(v128.load(at), f32x4.pmax(near, far));
}
