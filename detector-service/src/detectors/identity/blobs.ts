/** Connected ink with its extent and the moments that its position and direction follow from. */
export interface Blob {
  readonly left: number;
  readonly top: number;
  /** Inclusive. */
  readonly right: number;
  readonly bottom: number;
  readonly pixels: number;
  readonly sumX: number;
  readonly sumY: number;
  readonly sumXX: number;
  readonly sumYY: number;
  readonly sumXY: number;
}

type Growing = { -readonly [key in keyof Blob]: Blob[key] };

/**
 * Regions of a mask that touch along edges or corners, found run by run.
 *
 * @param mask 1 for ink
 * @param most regions; a mask with more is noise, and nothing is returned
 */
export function blobsOf(
  mask: Uint8Array,
  width: number,
  height: number,
  most: number,
): readonly Blob[] {
  const parents: number[] = [];
  const blobs: Growing[] = [];
  const root = (label: number): number => {
    let at = label;
    while (parents[at] !== at) at = parents[at] as number;
    return at;
  };
  let above: (readonly [from: number, to: number, label: number])[] = [];
  for (let y = 0; y < height; y += 1) {
    const runs: [number, number, number][] = [];
    let first = 0;
    for (let x = 0; x < width; x += 1) {
      if (mask[y * width + x] !== 1) continue;
      const from = x;
      while (x + 1 < width && mask[y * width + x + 1] === 1) x += 1;
      let label = -1;
      while (first < above.length && (above[first]?.[1] ?? 0) < from - 1) first += 1;
      for (let i = first; i < above.length; i += 1) {
        const [start, , other] = above[i] ?? [0, 0, 0];
        if (start > x + 1) break;
        const known = root(other);
        if (label < 0) label = known;
        else if (label !== known) parents[Math.max(label, known)] = label = Math.min(label, known);
      }
      if (label < 0) {
        label = parents.length;
        if (label > most * 4) return [];
        parents.push(label);
        blobs.push(emptyAt(from, y));
      }
      addRun(blobs[label] as Growing, from, x, y);
      runs.push([from, x, label]);
    }
    above = runs;
  }
  const whole = new Map<number, Growing>();
  blobs.forEach((blob, label) => {
    const target = root(label);
    const known = whole.get(target);
    if (known) merge(known, blob);
    else whole.set(target, { ...blob });
  });
  return whole.size > most ? [] : [...whole.values()];
}

function emptyAt(x: number, y: number): Growing {
  return {
    left: x,
    top: y,
    right: x,
    bottom: y,
    pixels: 0,
    sumX: 0,
    sumY: 0,
    sumXX: 0,
    sumYY: 0,
    sumXY: 0,
  };
}

function addRun(blob: Growing, from: number, to: number, y: number): void {
  const count = to - from + 1;
  const sum = ((from + to) * count) / 2;
  blob.left = Math.min(blob.left, from);
  blob.right = Math.max(blob.right, to);
  blob.bottom = y;
  blob.pixels += count;
  blob.sumX += sum;
  blob.sumY += y * count;
  blob.sumXX += squares(to) - squares(from - 1);
  blob.sumYY += y * y * count;
  blob.sumXY += y * sum;
}

/** 1² + 2² + … + n² */
function squares(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

function merge(into: Growing, other: Blob): void {
  into.left = Math.min(into.left, other.left);
  into.top = Math.min(into.top, other.top);
  into.right = Math.max(into.right, other.right);
  into.bottom = Math.max(into.bottom, other.bottom);
  into.pixels += other.pixels;
  into.sumX += other.sumX;
  into.sumY += other.sumY;
  into.sumXX += other.sumXX;
  into.sumYY += other.sumYY;
  into.sumXY += other.sumXY;
}
