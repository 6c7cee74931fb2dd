/** Fourier transforms of square tiles; the tables are made once. Radix 2, decimation in time (Cooley and Tukey, 1965). */
export class TileTransform {
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly order: Uint32Array;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;

  /** @param side a power of two */
  constructor(readonly side: number) {
    const angle = (i: number): number => (-2 * Math.PI * i) / side;
    this.cosines = Float64Array.from({ length: side / 2 }, (_, i) => Math.cos(angle(i)));
    this.sines = Float64Array.from({ length: side / 2 }, (_, i) => Math.sin(angle(i)));
    this.order = new Uint32Array(side);
    for (let i = 1; i < side; i += 1) {
      const half = this.order[i >> 1] as number;
      this.order[i] = (half >> 1) | ((i & 1) === 0 ? 0 : side >> 1);
    }
    this.real = new Float64Array(side);
    this.imaginary = new Float64Array(side);
  }

  /** Replaces `side * side` complex values, row by row, by their spectrum. */
  transform(real: Float64Array, imaginary: Float64Array): void {
    const { side } = this;
    for (let row = 0; row < side; row += 1) this.line(real, imaginary, row * side, 1);
    for (let column = 0; column < side; column += 1) this.line(real, imaginary, column, side);
  }

  private line(re: Float64Array, im: Float64Array, start: number, step: number): void {
    const { side, real, imaginary, cosines, sines, order } = this;
    for (let i = 0; i < side; i += 1) {
      const from = start + (order[i] as number) * step;
      real[i] = re[from] as number;
      imaginary[i] = im[from] as number;
    }
    for (let half = 1; half < side; half *= 2) {
      const turn = side / (2 * half);
      for (let block = 0; block < side; block += 2 * half) {
        for (let k = 0; k < half; k += 1) {
          const low = block + k;
          const high = low + half;
          const c = cosines[k * turn] as number;
          const s = sines[k * turn] as number;
          const x = (real[high] as number) * c - (imaginary[high] as number) * s;
          const y = (real[high] as number) * s + (imaginary[high] as number) * c;
          real[high] = (real[low] as number) - x;
          imaginary[high] = (imaginary[low] as number) - y;
          real[low] = (real[low] as number) + x;
          imaginary[low] = (imaginary[low] as number) + y;
        }
      }
    }
    for (let i = 0, at = start; i < side; i += 1, at += step) {
      re[at] = real[i] as number;
      im[at] = imaginary[i] as number;
    }
  }
}
