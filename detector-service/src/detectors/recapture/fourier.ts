import { FourierTransform } from '../../intake/fourier.js';

/** Fourier transforms of square tiles. */
export class TileTransform {
  private readonly fourier: FourierTransform;

  /** @param side a power of two of at least 4 */
  constructor(readonly side: number) {
    this.fourier = new FourierTransform(side);
  }

  /** Replaces `side * side` complex values, row by row, by their spectrum. */
  transform(real: Float64Array, imaginary: Float64Array): void {
    const { side } = this;
    for (let row = 0; row < side; row += 1) this.line(real, imaginary, row * side, 1);
    for (let column = 0; column < side; column += 1) this.line(real, imaginary, column, side);
  }

  private line(re: Float64Array, im: Float64Array, start: number, step: number): void {
    const { side, fourier } = this;
    const { real, imaginary, order } = fourier;
    for (let i = 0; i < side; i += 1) {
      const from = start + (order[i] as number) * step;
      real[i] = re[from] as number;
      imaginary[i] = im[from] as number;
    }
    fourier.transform();
    for (let i = 0, at = start; i < side; i += 1, at += step) {
      re[at] = real[i] as number;
      im[at] = imaginary[i] as number;
    }
  }
}
