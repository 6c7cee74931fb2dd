/** Power spectra of one frame length; the tables are made once. */
export class SpectrumAnalyser {
  private readonly window: Float64Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly order: Uint32Array;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;

  /**
   * @param size samples of a frame, a power of two
   * @param shape `none` leaves the frame as it is
   */
  constructor(
    readonly size: number,
    shape: 'hann' | 'none' = 'hann',
  ) {
    if (size < 4 || (size & (size - 1)) !== 0) {
      throw new RangeError(
        `Expected a power of two of at least 4 as frame length but received ${size}; choose 512, say.`,
      );
    }
    this.window = Float64Array.from({ length: size }, (_, i) =>
      shape === 'none' ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
    );
    this.cosines = Float64Array.from({ length: size / 2 }, (_, i) =>
      Math.cos((2 * Math.PI * i) / size),
    );
    this.sines = Float64Array.from(
      { length: size / 2 },
      (_, i) => -Math.sin((2 * Math.PI * i) / size),
    );
    this.order = bitReversal(size);
    this.real = new Float64Array(size);
    this.imaginary = new Float64Array(size);
  }

  /** Bins of a spectrum: from zero to the Nyquist frequency. */
  get bins(): number {
    return this.size / 2 + 1;
  }

  /**
   * Squared magnitudes of the windowed frame that begins at a sample; samples past the end count as zero. A full-scale sine under a Hann window has a peak near 1/4.
   *
   * @param into receives {@link bins} values
   */
  power(samples: Float32Array, start: number, into: Float32Array): void {
    const { real, imaginary } = this.spectrum(samples, start);
    const { size } = this;
    const scale = 2 / size;
    for (let bin = 0; bin <= size / 2; bin += 1) {
      const re = (real[bin] as number) * scale;
      const im = (imaginary[bin] as number) * scale;
      into[bin] = re * re + im * im;
    }
  }

  /**
   * The complex spectrum of the windowed frame that begins at a sample, not scaled; samples past the end count as zero.
   *
   * @returns views of {@link bins} and more values that the next call overwrites
   */
  spectrum(
    samples: Float32Array | Float64Array,
    start: number,
  ): { readonly real: Float64Array; readonly imaginary: Float64Array } {
    const { size, real, imaginary, order, window } = this;
    for (let i = 0; i < size; i += 1) {
      const from = order[i] as number;
      real[i] = (samples[start + from] ?? 0) * (window[from] as number);
    }
    imaginary.fill(0);
    this.transform();
    return { real, imaginary };
  }

  /** Radix-2 decimation in time on values in bit-reversed order (Cooley and Tukey, 1965). */
  private transform(): void {
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

/** Frames that begin at 0, `hop`, `2 hop` … and lie wholly within the samples. */
export function frameCount(length: number, size: number, hop: number): number {
  return length < size ? 0 : Math.floor((length - size) / hop) + 1;
}
