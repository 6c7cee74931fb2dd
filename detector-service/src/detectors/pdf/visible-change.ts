import type { Pixels } from '../../intake/image.js';
import type { Region } from './page-geometry.js';

/** Difference of a colour value that an eye notices; the renderer is deterministic, so equal content differs by 0. */
const NOTICEABLE = 40;
/** Changed pixels below which a page counts as unchanged. */
const FEWEST_PIXELS = 12;
/** Side in pixels of the squares in which changes are marked. */
const CELL = 12;
/** Slack around regions that may change: line widths and rounding. */
const SLACK = 0.006;

export interface VisibleChange {
  readonly pixels: number;
  /** Translucent red where something changed, of the size of the page in cells. */
  readonly layer: { readonly data: Buffer; readonly width: number; readonly height: number };
}

/**
 * Compares two renderings of a page.
 *
 * @param allowed regions in which changes are expected
 * @returns null where nothing outside them changed visibly
 */
export function visibleChange(
  before: Pixels,
  after: Pixels,
  allowed: readonly Region[],
): VisibleChange | null {
  const { width, height } = after;
  const cells = { width: Math.ceil(width / CELL), height: Math.ceil(height / CELL) };
  const data = Buffer.alloc(cells.width * cells.height * 4);
  const isResized = before.width !== width || before.height !== height;
  const rectangles = allowed.map((region) => inPixels(region, width, height));
  let pixels = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isResized && !differs(before.data, after.data, (y * width + x) * 3)) continue;
      if (
        rectangles.some((box) => x >= box.left && x < box.right && y >= box.top && y < box.bottom)
      ) {
        continue;
      }
      pixels += 1;
      const cell = (Math.floor(y / CELL) * cells.width + Math.floor(x / CELL)) * 4;
      data[cell] = 255;
      data[cell + 3] = 110;
    }
  }
  return pixels < FEWEST_PIXELS ? null : { pixels, layer: { data, ...cells } };
}

function differs(before: Buffer, after: Buffer, at: number): boolean {
  for (let channel = at; channel < at + 3; channel++) {
    if (Math.abs((before[channel] ?? 0) - (after[channel] ?? 0)) > NOTICEABLE) return true;
  }
  return false;
}

function inPixels(region: Region, width: number, height: number): Region {
  return {
    left: (region.left - SLACK) * width,
    right: (region.right + SLACK) * width,
    top: (region.top - SLACK) * height,
    bottom: (region.bottom + SLACK) * height,
  };
}
