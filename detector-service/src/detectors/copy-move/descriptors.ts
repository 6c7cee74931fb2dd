import type { Memory } from '../../kernels/memory.js';
import type { Plane } from './plane.js';
import type { Point } from './points.js';

/** Values of one descriptor: 8 x 8. */
export const LENGTH = 64;
/** Bytes of one sketch. */
export const SKETCH_BYTES = 8;

/** How a point is described: as it lies, or turned to the direction of its gradients; mirrored or not. */
export interface Pose {
  readonly isSteered: boolean;
  readonly isMirrored: boolean;
}

/** A described point in pixels of the whole picture. */
export interface Feature extends Point {
  /** Radians by which the patch was turned. */
  readonly angle: number;
  /** Pixels of the picture to one of the plane. */
  readonly scale: number;
}

/** Features with what they look like, in the kernels' memory. */
export interface Description {
  readonly features: readonly Feature[];
  /** `LENGTH` values a feature, mean 0 and norm 1: the squared distance of two is 2 - 2 x correlation. */
  readonly values: Float32Array;
  /** `SKETCH_BYTES` a feature: signs of differences. */
  readonly sketches: Uint8Array;
}

/** Points of a plane and how many pixels of the whole picture one of the plane's is. */
export interface Level {
  readonly plane: Plane;
  readonly points: readonly Point[];
  readonly scale: number;
}

/** Patches of 24 x 24 pixels as 8 x 8 samples of a blurred plane, freed of brightness and contrast. */
export function describe(levels: readonly Level[], pose: Pose, memory: Memory): Description {
  const count = levels.reduce((sum, { points }) => sum + points.length, 0);
  const values = memory.floats(count * LENGTH);
  const sketches = memory.bytes(count * SKETCH_BYTES);
  const features: Feature[] = [];
  for (const { plane, points, scale } of levels) {
    const { data, width, height } = plane;
    const first = features.length;
    memory.borrow(() => {
      const angles = pose.isSteered ? directions(plane, points, pose.isMirrored, memory) : null;
      const places = memory.doubles(4 * points.length);
      points.forEach(({ x, y }, i) => {
        const angle = angles?.[i] ?? 0;
        features.push({ x: x * scale, y: y * scale, angle, scale });
        places[4 * i] = x;
        places[4 * i + 1] = y;
        places[4 * i + 2] = Math.cos(angle);
        places[4 * i + 3] = Math.sin(angle);
      });
      memory.kernels.describe(
        data.byteOffset,
        width,
        height,
        places.byteOffset,
        points.length,
        pose.isMirrored ? -1 : 1,
        values.subarray(first * LENGTH).byteOffset,
        sketches.subarray(first * SKETCH_BYTES).byteOffset,
      );
    });
  }
  return { features, values, sketches };
}

/** Bytes that a description of so many points takes. */
export function descriptionRoom(points: number): number {
  return points * (4 * LENGTH + SKETCH_BYTES + 8 * 8) + 512;
}

/** Directions of the mean gradient within 8 pixels in radians, in the mirror where asked for. */
function directions(
  { data, width }: Plane,
  points: readonly Point[],
  isMirrored: boolean,
  memory: Memory,
): readonly number[] {
  const places = memory.doubles(2 * points.length);
  points.forEach(({ x, y }, i) => {
    places[2 * i] = x;
    places[2 * i + 1] = y;
  });
  const sums = memory.doubles(2 * points.length);
  memory.kernels.directions(
    data.byteOffset,
    width,
    places.byteOffset,
    points.length,
    sums.byteOffset,
  );
  return points.map((_, i) => {
    const across = sums[2 * i] as number;
    return Math.atan2(sums[2 * i + 1] as number, isMirrored ? -across : across);
  });
}
