/** Places of a picture that look the same. */

/** Bits of the sketches that may differ. */
const SKETCH_DISTANCE: u64 = 14;
/** Squared distance of descriptors up to which two places look the same: a correlation of 0.9. */
const LIKE: f64 = 0.2;
/** A third place that looks nearly as similar means texture that repeats by nature, such as tiles, windows or letters. */
const REPETITION: f64 = 0.55;
/** The same in absolute terms, since compression can leave the repeats of a drawn pattern exactly alike. */
const LEAST_THIRD: f64 = 0.08;
/** Distances beyond this change no answer. */
const FAR: f64 = LIKE / REPETITION;
/** What fixed point may take from a squared distance: 64 values, each off by half a step. */
const ROUNDING: f64 = 2e-3;
/** Places closer than this are neighbours, not copies. */
const LEAST_DISTANCE: f64 = 20;
/** Places closer than this along both axes are one place found at two scales. */
const SAME: f64 = 6;
const LENGTH = 64;
/** Bytes of a descriptor, and of one in fixed point. */
const BYTES: usize = 4 * LENGTH;
const FIXED_BYTES: usize = 2 * LENGTH;
/** One in fixed point: the product of two descriptors, at most one, stays within 32 bits. */
const ONE: f64 = 16384;
/** Features compared at once; what is left of them is gone through before the next. */
const CHUNK = 256;

/** What is known of a feature so far, in f64: squared distances of the nearest three, place of the nearest; then in i32 its index and the least product. */
const STATE_BYTES: usize = 64;
const NEAREST: usize = 0;
const NEXT: usize = 8;
const THIRD: usize = 16;
const PLACE_X: usize = 24;
const PLACE_Y: usize = 32;
const FOUND: usize = 40;
const LEAST: usize = 44;
/** No product reaches it: the feature repeats too often for an answer. */
const NEVER = i32.MAX_VALUE;

/**
 * For each of the first features the most similar of the second, where there is exactly one such place, or two, that stands out. All pairs are compared by what
 * is cheapest and rules most of them out, in steps without branches, which no processor could foresee: sketches, then products in fixed point.
 *
 * @param values 64 a feature, f32; `sketches` 64 bits a feature; `places` pairs of x and y, f64, in pixels of one picture
 * @param room bytes: 128 a feature of both, 12 for each of a chunk, and 64
 * @param to index of the counterpart, i32; -1 where there is none
 */
export function findMatches(
  values: usize,
  sketches: usize,
  places: usize,
  count: i32,
  otherValues: usize,
  otherSketches: usize,
  otherPlaces: usize,
  others: i32,
  room: usize,
  to: usize,
): void {
  const fixed = room;
  const otherFixed = fixed + <usize>count * FIXED_BYTES;
  const chosen = otherFixed + <usize>others * FIXED_BYTES;
  const products = chosen + (CHUNK << 2);
  const state = products + (CHUNK << 3);
  toFixed(values, fixed, count * LENGTH);
  toFixed(otherValues, otherFixed, others * LENGTH);
  for (let i: usize = 0; i < <usize>count; i += 1) {
    begin(state);
    const sketch = load<u64>(sketches + (i << 3));
    for (let start = 0; start < others; start += CHUNK) {
      const least = load<i32>(state + LEAST);
      if (least === NEVER) break;
      const end = min(others, start + CHUNK);
      const likely = bySketch(sketch, otherSketches, start, end, chosen);
      const left = byProduct(fixed + i * FIXED_BYTES, otherFixed, chosen, likely, least, products);
      for (let k: usize = 0; k < <usize>left; k += 1) {
        if (load<i32>(products + (k << 2)) < load<i32>(state + LEAST)) continue;
        const j = <usize>load<i32>(chosen + (k << 2));
        if (areNeighbours(places + (i << 4), otherPlaces + (j << 4))) continue;
        const distance = squaredDistance(values + i * BYTES, otherValues + j * BYTES);
        consider(state, <i32>j, otherPlaces + (j << 4), distance);
      }
    }
    store<i32>(to + (i << 2), answer(state));
  }
}

/**
 * The same for features among themselves: each pair is compared once and tells both.
 *
 * @param room bytes: 128 a feature, 12 for each of a chunk, and 64 a feature
 */
export function findOwnMatches(
  values: usize,
  sketches: usize,
  places: usize,
  count: i32,
  room: usize,
  to: usize,
): void {
  const fixed = room;
  const chosen = fixed + <usize>count * FIXED_BYTES;
  const products = chosen + (CHUNK << 2);
  const states = products + (CHUNK << 3);
  toFixed(values, fixed, count * LENGTH);
  for (let i: usize = 0; i < <usize>count; i += 1) begin(states + i * STATE_BYTES);
  const least = leastProduct(FAR);
  for (let i: usize = 0; i < <usize>count; i += 1) {
    const state = states + i * STATE_BYTES;
    const sketch = load<u64>(sketches + (i << 3));
    for (let start = <i32>i + 1; start < count; start += CHUNK) {
      const likely = bySketch(sketch, sketches, start, min(count, start + CHUNK), chosen);
      const left = byProduct(fixed + i * FIXED_BYTES, fixed, chosen, likely, least, products);
      for (let k: usize = 0; k < <usize>left; k += 1) {
        const j = <usize>load<i32>(chosen + (k << 2));
        const other = states + j * STATE_BYTES;
        const product = load<i32>(products + (k << 2));
        if (product < min(load<i32>(state + LEAST), load<i32>(other + LEAST))) continue;
        if (areNeighbours(places + (i << 4), places + (j << 4))) continue;
        const distance = squaredDistance(values + i * BYTES, values + j * BYTES);
        consider(state, <i32>j, places + (j << 4), distance);
        consider(other, <i32>i, places + (i << 4), distance);
      }
    }
    // Earlier features have told it of themselves, so it has met all of them in their order.
    store<i32>(to + (i << 2), answer(state));
  }
}

function begin(state: usize): void {
  store<f64>(state + NEAREST, FAR);
  store<f64>(state + NEXT, FAR);
  store<f64>(state + THIRD, FAR);
  store<i32>(state + FOUND, -1);
  store<i32>(state + LEAST, leastProduct(FAR));
}

/** Takes in what lies at some distance; features come in the order of their indices. */
function consider(state: usize, j: i32, place: usize, distance: f64): void {
  let third = load<f64>(state + THIRD);
  if (distance >= third || load<i32>(state + LEAST) === NEVER) return;
  const nearest = load<f64>(state + NEAREST);
  const next = load<f64>(state + NEXT);
  const x = load<f64>(place);
  const y = load<f64>(place + 8);
  const isSamePlace =
    load<i32>(state + FOUND) >= 0 &&
    abs(load<f64>(state + PLACE_X) - x) < SAME &&
    abs(load<f64>(state + PLACE_Y) - y) < SAME;
  if (distance < nearest) {
    // The same place found at two scales counts once.
    if (!isSamePlace) {
      third = next;
      store<f64>(state + NEXT, nearest);
    }
    store<f64>(state + NEAREST, distance);
    store<f64>(state + PLACE_X, x);
    store<f64>(state + PLACE_Y, y);
    store<i32>(state + FOUND, j);
  } else if (isSamePlace) {
    return;
  } else if (distance < next) {
    third = next;
    store<f64>(state + NEXT, distance);
  } else {
    third = distance;
  }
  store<f64>(state + THIRD, third);
  store<i32>(state + LEAST, third < LEAST_THIRD ? NEVER : leastProduct(third));
}

function answer(state: usize): i32 {
  if (load<i32>(state + LEAST) === NEVER) return -1;
  const nearest = load<f64>(state + NEAREST);
  const stands = nearest <= LIKE && nearest <= REPETITION * load<f64>(state + THIRD);
  return stands ? load<i32>(state + FOUND) : -1;
}

function areNeighbours(one: usize, other: usize): bool {
  const dx = load<f64>(other) - load<f64>(one);
  const dy = load<f64>(other + 8) - load<f64>(one + 8);
  return dx * dx + dy * dy < LEAST_DISTANCE * LEAST_DISTANCE;
}

function toFixed(values: usize, to: usize, count: i32): void {
  const one = f32x4.splat(<f32>ONE);
  for (let i = 0; i < count; i += 8) {
    const low = f32x4.nearest(f32x4.mul(v128.load(values), one));
    const high = f32x4.nearest(f32x4.mul(v128.load(values, 16), one));
    const narrow = i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(low),
      i32x4.trunc_sat_f32x4_s(high),
    );
    v128.store(to, narrow);
    values += 32;
    to += 16;
  }
}

/** Lists the features whose sketches differ in few bits; returns how many. */
function bySketch(sketch: u64, sketches: usize, from: i32, to: i32, chosen: usize): i32 {
  let at = chosen;
  for (let j = from; j < to; j += 1) {
    const apart = popcnt<u64>(sketch ^ load<u64>(sketches + ((<usize>j) << 3)));
    store<i32>(at, j);
    at += (<usize>(apart <= SKETCH_DISTANCE)) << 2;
  }
  return <i32>((at - chosen) >> 2);
}

/** Product in fixed point below which two descriptors are further apart. */
function leastProduct(distance: f64): i32 {
  return <i32>((1 - (distance + ROUNDING) / 2) * ONE * ONE);
}

/** Keeps of a list those with at least some product, and lists their products. */
function byProduct(
  fixed: usize,
  values: usize,
  chosen: usize,
  count: i32,
  least: i32,
  products: usize,
): i32 {
  const a = v128.load(fixed);
  const b = v128.load(fixed, 16);
  const c = v128.load(fixed, 32);
  const d = v128.load(fixed, 48);
  const e = v128.load(fixed, 64);
  const f = v128.load(fixed, 80);
  const g = v128.load(fixed, 96);
  const h = v128.load(fixed, 112);
  let to = chosen;
  const end = chosen + ((<usize>count) << 2);
  for (let at = chosen; at < end; at += 4) {
    const j = load<i32>(at);
    const other = values + <usize>j * FIXED_BYTES;
    const one = i32x4.add(
      i32x4.dot_i16x8_s(a, v128.load(other)),
      i32x4.dot_i16x8_s(b, v128.load(other, 16)),
    );
    const two = i32x4.add(
      i32x4.dot_i16x8_s(c, v128.load(other, 32)),
      i32x4.dot_i16x8_s(d, v128.load(other, 48)),
    );
    const three = i32x4.add(
      i32x4.dot_i16x8_s(e, v128.load(other, 64)),
      i32x4.dot_i16x8_s(f, v128.load(other, 80)),
    );
    const four = i32x4.add(
      i32x4.dot_i16x8_s(g, v128.load(other, 96)),
      i32x4.dot_i16x8_s(h, v128.load(other, 112)),
    );
    const sums = i32x4.add(i32x4.add(one, two), i32x4.add(three, four));
    const product =
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    store<i32>(to, j);
    store<i32>(products + (to - chosen), product);
    to += (<usize>(product >= least)) << 2;
  }
  return <i32>((to - chosen) >> 2);
}

function squaredDistance(a: usize, b: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < BYTES; i += 4) {
    const apart = <f64>load<f32>(a + i) - <f64>load<f32>(b + i);
    sum += apart * apart;
  }
  return sum;
}
