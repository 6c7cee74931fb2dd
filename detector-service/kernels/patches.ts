/** Squares of a picture as few values. */

/**
 * A rectangle around a centre as `side` x `side` values, each the mean of `across` x `down` points between pixels; the edge repeats outwards.
 *
 * @param from plane, f32
 * @param to f32
 */
export function means(
  from: usize,
  width: i32,
  height: i32,
  centreX: f64,
  centreY: f64,
  halfWidth: f64,
  halfHeight: f64,
  side: i32,
  across: i32,
  down: i32,
  to: usize,
): void {
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      let sum: f64 = 0;
      for (let j = 0; j < down; j += 1) {
        const v = (2 * (<f64>row + (<f64>j + 0.5) / <f64>down)) / <f64>side - 1;
        const y = centreY + halfHeight * v - 0.5;
        for (let i = 0; i < across; i += 1) {
          const u = (2 * (<f64>column + (<f64>i + 0.5) / <f64>across)) / <f64>side - 1;
          sum += between(from, width, height, centreX + halfWidth * u - 0.5, y);
        }
      }
      store<f32>(to, <f32>(sum / <f64>(across * down)));
      to += 4;
    }
  }
}

function between(plane: usize, width: i32, height: i32, x: f64, y: f64): f64 {
  const left = max(0, min(width - 1, <i32>Math.floor(x)));
  const top = max(0, min(height - 1, <i32>Math.floor(y)));
  const right = min(width - 1, left + 1);
  const bottom = min(height - 1, top + 1);
  const dx = max(0, min(1, x - <f64>left));
  const dy = max(0, min(1, y - <f64>top));
  const above = plane + ((<usize>(top * width)) << 2);
  const below = plane + ((<usize>(bottom * width)) << 2);
  const upper =
    <f64>load<f32>(above + ((<usize>left) << 2)) * (1 - dx) +
    <f64>load<f32>(above + ((<usize>right) << 2)) * dx;
  const lower =
    <f64>load<f32>(below + ((<usize>left) << 2)) * (1 - dx) +
    <f64>load<f32>(below + ((<usize>right) << 2)) * dx;
  return upper * (1 - dy) + lower * dy;
}
