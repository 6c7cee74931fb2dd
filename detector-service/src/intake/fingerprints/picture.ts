/**
 * The fingerprint of a picture: a hash of the whole, which finds re-encoded, resized and mildly edited copies, and hashes of patches around blobs, which
 * find crops as well, since a patch is anchored to what it shows and not to the frame. Both find mirrored and turned copies.
 *
 * The whole is hashed as in PDQ (Facebook 2019), by the signs of 16 x 16 low frequencies; patches by those of 8 x 8.
 */
import { withMemory, type Memory } from '../../kernels/memory.js';
import { findBlobs, type Blob, type GreyPicture } from './blobs.js';
import { createSignHasher, POSES, signDistance, type Pose } from './signs.js';

/** Longest side of the grey picture that a fingerprint is made from. */
export const FINGERPRINT_SIDE = 256;

/** A hashed patch: where it lies, how large it is, and its 64 bits. */
export interface Patch {
  /** Centre and radius in pixels of the grey picture. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** 8 bytes. */
  readonly hash: Uint8Array;
}

export interface PictureFingerprint {
  /** 32 bytes; null for a picture that is mostly one colour, whose signs are noise. */
  readonly whole: Uint8Array | null;
  readonly patches: readonly Patch[];
}

const WHOLE_SIDE = 64;
export const WHOLE_HASHER = createSignHasher(WHOLE_SIDE, 16);
const PATCH_SIDE = 32;
export const PATCH_HASHER = createSignHasher(PATCH_SIDE, 8);

/** Patches a picture: enough that a crop keeps several, few enough for a row each in an index. */
const MOST_PATCHES = 80;
/** Radius of a patch against the sigma of its blob: wide enough to hold more than the blob, which all blobs share. */
const REACH = 5;
/** Standard deviation of grey below which a picture or patch says nothing. */
const LEAST_DEVIATION = 6;

export function fingerprintPicture(grey: GreyPicture): PictureFingerprint {
  const blobs = findBlobs(grey);
  return withMemory(4 * (grey.values.length + WHOLE_SIDE ** 2) + 256, (memory) => {
    const squares = squaresOf(grey, memory);
    const { width, height } = grey;
    const square = squares(width / 2, height / 2, width / 2, height / 2, WHOLE_SIDE);
    return {
      whole: deviation(square) < LEAST_DEVIATION ? null : WHOLE_HASHER.hash(square),
      patches: patchesAt(blobs, grey, squares),
    };
  });
}

function patchesAt(
  blobs: readonly Blob[],
  grey: GreyPicture,
  squares: ReturnType<typeof squaresOf>,
): readonly Patch[] {
  const patches: Patch[] = [];
  for (const { x, y, sigma } of blobs) {
    if (patches.length >= MOST_PATCHES) break;
    const radius = REACH * sigma;
    if (!isInside(grey, x, y, radius) || isTaken(patches, x, y, radius)) continue;
    const square = squares(x + 0.5, y + 0.5, radius, radius, PATCH_SIDE);
    if (deviation(square) < LEAST_DEVIATION) continue;
    patches.push({ x, y, radius, hash: PATCH_HASHER.hash(square) });
  }
  return patches;
}

function isInside({ width, height }: GreyPicture, x: number, y: number, radius: number): boolean {
  return x - radius >= -1 && y - radius >= -1 && x + radius <= width && y + radius <= height;
}

/** Neighbouring patches of nearly one size would count the same evidence twice. */
function isTaken(patches: readonly Patch[], x: number, y: number, radius: number): boolean {
  return patches.some(
    (other) =>
      Math.hypot(other.x - x, other.y - y) < radius / 5 &&
      Math.abs(Math.log2(other.radius / radius)) < 0.25,
  );
}

/** Reads rectangles around a centre as `side` x `side` grey values, each the mean of the pixels that it covers. The next one overwrites them. */
function squaresOf({ values, width, height }: GreyPicture, memory: Memory) {
  const grey = memory.floats(values.length);
  grey.set(values);
  const room = memory.floats(WHOLE_SIDE ** 2);
  return (
    centreX: number,
    centreY: number,
    halfWidth: number,
    halfHeight: number,
    side: number,
  ): Float32Array => {
    memory.kernels.means(
      grey.byteOffset,
      width,
      height,
      centreX,
      centreY,
      halfWidth,
      halfHeight,
      side,
      // As many points a cell as it has pixels along each axis, at least two.
      Math.max(2, Math.round((2 * halfWidth) / side)),
      Math.max(2, Math.round((2 * halfHeight) / side)),
      room.byteOffset,
    );
    return room.subarray(0, side * side);
  };
}

function deviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** Differing bits of 256 up to which two whole pictures count as copies. */
export const SAME_WHOLE = 40;
/** Differing bits of 64 up to which two patches count as the same. */
const SAME_PATCH = 12;
/** Patches that must agree in place and size too. */
export const LEAST_PATCHES = 6;

/** How two pictures agree. */
export interface PictureMatch {
  /** Differing bits of 256 of the whole; null where either has no hash of the whole. */
  readonly distance: number | null;
  /** Patches that agree in content, size and place. */
  readonly patches: number;
  readonly pose: Pose;
}

/** The best agreement over the eight poses. */
export function comparePictures(a: PictureFingerprint, b: PictureFingerprint): PictureMatch {
  const matches = POSES.map((pose): PictureMatch => {
    const distance =
      a.whole && b.whole ? signDistance(a.whole, WHOLE_HASHER.pose(b.whole, pose)) : null;
    return { distance, patches: countAgreeing(a.patches, b.patches, pose), pose };
  });
  return matches.reduce((best, next) => (strength(next) > strength(best) ? next : best));
}

function strength({ distance, patches }: PictureMatch): number {
  return patches + (distance !== null && distance <= SAME_WHOLE ? SAME_WHOLE + 1 - distance : 0);
}

export function isSamePicture({ distance, patches }: PictureMatch): boolean {
  return (distance !== null && distance <= SAME_WHOLE) || patches >= LEAST_PATCHES;
}

/** The largest set of equal patches that one shift and one scale carry onto each other: each pair votes for the shift and scale that it implies. */
function countAgreeing(a: readonly Patch[], b: readonly Patch[], pose: Pose): number {
  const pairs: {
    readonly from: Patch;
    readonly x: number;
    readonly y: number;
    readonly scale: number;
    readonly i: number;
    readonly j: number;
  }[] = [];
  for (const [j, patch] of b.entries()) {
    const posed = PATCH_HASHER.pose(patch.hash, pose);
    const [x, y] = placeIn(patch, pose);
    for (const [i, from] of a.entries()) {
      if (signDistance(from.hash, posed) > SAME_PATCH) continue;
      const scale = Math.log2(patch.radius / from.radius);
      pairs.push({ from, x, y, scale, i, j });
    }
  }
  let best = 0;
  for (const base of pairs) {
    const factor = 2 ** base.scale;
    const left = new Set<number>();
    const right = new Set<number>();
    for (const { from, x, y, scale, i, j } of pairs) {
      if (Math.abs(scale - base.scale) > 0.3) continue;
      const dx = x - base.x - factor * (from.x - base.from.x);
      const dy = y - base.y - factor * (from.y - base.from.y);
      const reach = Math.hypot(from.x - base.from.x, from.y - base.from.y) * factor;
      if (Math.hypot(dx, dy) > 3 + 0.12 * reach) continue;
      left.add(i);
      right.add(j);
    }
    best = Math.max(best, Math.min(left.size, right.size));
  }
  return best;
}

/** Where a centre lies in another pose, up to a shift. */
function placeIn({ x, y }: Patch, { isTransposed, isMirrored, isFlipped }: Pose): [number, number] {
  const [across, down] = isTransposed ? [y, x] : [x, y];
  return [isMirrored ? -across : across, isFlipped ? -down : down];
}
