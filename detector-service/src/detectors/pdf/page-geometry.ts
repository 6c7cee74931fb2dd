import type { PageEntry } from './compare/page-list.js';
import type { PdfDocument } from './document.js';
import { isArray } from './values.js';

/** A region of a rendered page in shares of its width and height, from the upper left. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const LETTER = [0, 0, 612, 792];

/** Where a rectangle of a page, in its own units, is on the rendered page: within the visible box, turned as the page is. */
export function regionOf(document: PdfDocument, page: PageEntry, box: readonly number[]): Region {
  const visible = boxOf(document, page, 'CropBox') ?? boxOf(document, page, 'MediaBox') ?? LETTER;
  const [x0 = 0, y0 = 0, x1 = 1, y1 = 1] = normalised(visible);
  const [left = 0, bottom = 0, right = 0, top = 0] = normalised(box);
  const across = (x: number): number => (x - x0) / Math.max(1e-6, x1 - x0);
  const down = (y: number): number => (y1 - y) / Math.max(1e-6, y1 - y0);
  const corners = [
    [across(left), down(top)],
    [across(right), down(bottom)],
  ].map(([x = 0, y = 0]) => turned(x, y, rotationOf(document, page)));
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

function turned(x: number, y: number, degrees: number): { x: number; y: number } {
  switch (degrees) {
    case 90:
      return { x: 1 - y, y: x };
    case 180:
      return { x: 1 - x, y: 1 - y };
    case 270:
      return { x: y, y: 1 - x };
    default:
      return { x, y };
  }
}

function rotationOf(document: PdfDocument, page: PageEntry): number {
  const value = document.resolve(page.inherited.get('Rotate'));
  return typeof value === 'number' ? ((value % 360) + 360) % 360 : 0;
}

function boxOf(document: PdfDocument, page: PageEntry, key: string): number[] | null {
  const value = document.resolve(page.inherited.get(key));
  const numbers = (isArray(value) ? value : [])
    .map(document.resolve)
    .filter((item) => typeof item === 'number');
  return numbers.length === 4 ? numbers : null;
}

function normalised([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number[] {
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
