import type { Pixels } from '../intake/image.js';
import { cutOut } from '../intake/pixels.js';
import type { Crop } from '../inference/picture-model.js';

/** A part of a picture, in the picture's own pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A crop and where it was taken. */
export interface PlacedCrop extends Crop {
  readonly place: Place;
}

/**
 * A grid of at most `perSide` by `perSide` crops, fewer where they would mostly overlap; the training scripts place theirs by the same rule.
 *
 * @param side longest side of a crop; a picture shorter than that yields crops as short
 */
export function gridCrops(pixels: Pixels, side: number, perSide: number): PlacedCrop[] {
  const width = Math.min(side, pixels.width);
  const height = Math.min(side, pixels.height);
  return places(pixels.height, height, perSide).flatMap((top) =>
    places(pixels.width, width, perSide).map((left) => cut(pixels, left, top, width, height)),
  );
}

function places(length: number, side: number, perSide: number): number[] {
  const count = Math.min(perSide, Math.max(1, Math.floor(length / side + 0.5)));
  if (count === 1) return [Math.floor((length - side) / 2)];
  return Array.from({ length: count }, (_, i) => Math.floor((i * (length - side)) / (count - 1)));
}

function cut(pixels: Pixels, left: number, top: number, width: number, height: number): PlacedCrop {
  return { ...cutOut(pixels, left, top, width, height), place: { left, top, width, height } };
}

const BLOCK = 8;
/** Standard deviation of luma below which a block counts as flat: below any camera's noise after JPEG, except in blown highlights. */
const FLAT_DEVIATION = 0.7;

/** Share of flat 8 x 8 blocks in a crop, 0..1. */
export function flatShare({ data, width, height }: Crop): number {
  let flat = 0;
  let blocks = 0;
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      blocks += 1;
      if (deviation(data, width, left, top) < FLAT_DEVIATION) flat += 1;
    }
  }
  return blocks === 0 ? 1 : flat / blocks;
}

function deviation(data: Uint8Array, width: number, left: number, top: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = top; y < top + BLOCK; y += 1) {
    for (let x = left; x < left + BLOCK; x += 1) {
      const at = (y * width + x) * 3;
      const luma =
        0.299 * (data[at] as number) +
        0.587 * (data[at + 1] as number) +
        0.114 * (data[at + 2] as number);
      sum += luma;
      squares += luma * luma;
    }
  }
  const count = BLOCK * BLOCK;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
