import { FourierTransform } from '../fourier.js';

/** Power spectra of one frame length; the tables are made once. */
export class SpectrumAnalyser {
  private readonly window: Float64Array;
  private readonly fourier: FourierTransform;

  /**
   * @param size samples of a frame, a power of two
   * @param shape `none` leaves the frame as it is
   */
  constructor(
    readonly size: number,
    shape: 'hann' | 'none' = 'hann',
  ) {
    this.fourier = new FourierTransform(size);
    this.window = Float64Array.from({ length: size }, (_, i) =>
      shape === 'none' ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
    );
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
    const { size, fourier, window } = this;
    const { real, imaginary, order } = fourier;
    for (let i = 0; i < size; i += 1) {
      const from = order[i] as number;
      real[i] = (samples[start + from] ?? 0) * (window[from] as number);
    }
    imaginary.fill(0);
    fourier.transform();
    return { real, imaginary };
  }
}

/** Frames that begin at 0, `hop`, `2 hop` … and lie wholly within the samples. */
export function frameCount(length: number, size: number, hop: number): number {
  return length < size ? 0 : Math.floor((length - size) / hop) + 1;
}
