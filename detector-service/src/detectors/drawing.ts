import type { Pixels } from '../intake/image.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** A picture to draw evidence on: plain code, so that it looks the same on every machine, with or without fonts. */
export class Canvas {
  readonly pixels: Pixels;

  constructor(width: number, height: number, background: Colour) {
    this.pixels = {
      data: Buffer.alloc(width * height * 3, Buffer.from(background)),
      width,
      height,
    };
  }

  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1) this.set(x, y, colour);
    }
  }

  /** A frame whose outer edge is the rectangle. */
  outline(
    left: number,
    top: number,
    width: number,
    height: number,
    colour: Colour,
    thick = 1,
  ): void {
    this.fill(left, top, width, thick, colour);
    this.fill(left, top + height - thick, width, thick, colour);
    this.fill(left, top, thick, height, colour);
    this.fill(left + width - thick, top, thick, height, colour);
  }

  set(x: number, y: number, [red, green, blue]: Colour): void {
    const { data, width, height } = this.pixels;
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const at = (y * width + x) * 3;
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
  }

  /** Copies a picture in, cut off at the edges. */
  place(picture: Pixels, left: number, top: number): void {
    const { data, width, height } = this.pixels;
    const columns = Math.min(picture.width, width - left);
    const lines = Math.min(picture.height, height - top);
    for (let y = 0; y < lines; y += 1) {
      const from = y * picture.width * 3;
      picture.data.copy(data, ((top + y) * width + left) * 3, from, from + columns * 3);
    }
  }

  /** Writes digits, a few letters and marks; others are left blank. Returns the width in pixels. */
  write(text: string, left: number, top: number, colour: Colour, scale = 2): number {
    let x = left;
    for (const letter of text) {
      const rows = GLYPHS[letter] ?? [];
      rows.forEach((row, line) => {
        for (let column = 0; column < 3; column += 1) {
          if ((row >> (2 - column)) % 2 === 1) {
            this.fill(x + column * scale, top + line * scale, scale, scale, colour);
          }
        }
      });
      x += 4 * scale;
    }
    return x - left;
  }
}

/** Rows of three dots from top to bottom, most significant bit to the left. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 2, 2, 2],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '.': [0, 0, 0, 0, 2],
  ':': [0, 2, 0, 2, 0],
  '-': [0, 0, 7, 0, 0],
  '%': [5, 1, 2, 4, 5],
  k: [4, 5, 6, 6, 5],
  H: [5, 5, 7, 5, 5],
  z: [0, 7, 1, 2, 7],
  s: [0, 7, 4, 3, 7],
};
