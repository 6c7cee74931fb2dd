/** Complex Fourier transform of one length, radix 2, decimation in time (Cooley and Tukey, 1965). The tables are made once. */
export class FourierTransform {
  /** Value n of the input belongs where `order` is n. */
  readonly order: Uint32Array;
  /** Filled by the caller in {@link order}; afterwards the spectrum, not scaled. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** @param size values, a power of two of at least 4 */
  constructor(readonly size: number) {
    if (size < 4 || (size & (size - 1)) !== 0) {
      throw new RangeError(
        `Expected a power of two of at least 4 as length of a transform but received ${size}; choose 512, say.`,
      );
    }
    const angle = (i: number): number => (2 * Math.PI * i) / size;
    this.cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(angle(i)));
    this.sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin(angle(i)));
    this.order = bitReversal(size);
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
  }

  transform(): void {
    const { size, real, imaginary, cosines, sines } = this;
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k += 1) {
          const low = start + k;
          const high = low + half;
          const c = cosines[k * step] as number;
          const s = sines[k * step] as number;
          const re = (real[high] as number) * c - (imaginary[high] as number) * s;
          const im = (real[high] as number) * s + (imaginary[high] as number) * c;
          real[high] = (real[low] as number) - re;
          imaginary[high] = (imaginary[low] as number) - im;
          real[low] = (real[low] as number) + re;
          imaginary[low] = (imaginary[low] as number) + im;
        }
      }
    }
  }
}

function bitReversal(size: number): Uint32Array {
  const order = new Uint32Array(size);
  for (let i = 1, j = 0; i < size; i += 1) {
    let bit = size >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j |= bit;
    order[i] = j;
  }
  return order;
}
