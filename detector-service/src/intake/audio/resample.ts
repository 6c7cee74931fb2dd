/** Zero crossings of the sinc on each side; together with the window this keeps aliases some 60 dB down. */
const HALF_WIDTH = 12;
/** Passband as a share of the lower Nyquist frequency. */
const PASSBAND = 0.92;
/** Positions between two samples for which the kernel is tabulated. */
const PHASES = 256;

/**
 * Sound at another sample rate, by a windowed sinc (Hann), low-passed below the lower of both Nyquist frequencies.
 *
 * @param from sample rate of `samples` in hertz
 * @param to wanted sample rate in hertz
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const cutoff = PASSBAND * Math.min(1, to / from);
  const reach = Math.ceil(HALF_WIDTH / cutoff);
  const kernels = kernelTable(cutoff, reach);
  const length = Math.floor((samples.length * to) / from);
  const output = new Float32Array(length);
  for (let i = 0; i < length; i += 1) {
    const position = (i * from) / to;
    const whole = Math.floor(position);
    const kernel = kernels[Math.round((position - whole) * PHASES)] as Float32Array;
    const first = whole - reach + 1;
    const start = Math.max(0, -first);
    const end = Math.min(kernel.length, samples.length - first);
    let sum = 0;
    for (let k = start; k < end; k += 1) {
      sum += (samples[first + k] as number) * (kernel[k] as number);
    }
    output[i] = sum;
  }
  return output;
}

/** Row `p` weighs the samples around a position `p / PHASES` behind a sample; each row sums to one, so that constants stay. */
function kernelTable(cutoff: number, reach: number): readonly Float32Array[] {
  return Array.from({ length: PHASES + 1 }, (_, phase) => {
    const kernel = new Float32Array(2 * reach);
    let sum = 0;
    for (let k = 0; k < kernel.length; k += 1) {
      const distance = k - reach + 1 - phase / PHASES;
      const window =
        Math.abs(distance) >= reach ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
      const value = cutoff * sinc(cutoff * distance) * window;
      kernel[k] = value;
      sum += value;
    }
    return kernel.map((value) => value / sum);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
