/** Gaussian blur of one channel of floating-point values: the inner loop of every search for corners and blobs. */

/**
 * Blurs by a kernel that reaches 2.5 sigma; edges repeat outwards. Rows first, then columns.
 *
 * @param values `width` x `height` values, row by row
 * @param sigma in pixels
 */
export function gaussianBlur(
  values: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const kernel = gaussianKernel(sigma);
  if (between.length < values.length) between = new Float32Array(values.length);
  alongRows(values, between, width, height, kernel);
  const result = new Float32Array(values.length);
  alongColumns(between, result, width, height, kernel);
  return result;
}

/** What one pass leaves for the next. Kept from call to call: large arrays by the dozen keep the garbage collector busy. */
let between = new Float32Array(0);

function gaussianKernel(sigma: number): Float32Array {
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** Sums that run at the same time: one sum waits for each of its additions, four keep the processor busy. */
const AT_ONCE = 4;

function alongRows(
  values: Float32Array,
  result: Float32Array,
  width: number,
  height: number,
  kernel: Float32Array,
): void {
  const radius = (kernel.length - 1) / 2;
  // Room for the outputs past the end that a group of four may touch.
  const padded = new Float64Array(width + 2 * radius + AT_ONCE);
  for (let row = 0; row < height; row += 1) {
    const start = row * width;
    padded.fill(values[start] as number, 0, radius);
    for (let x = 0; x < width; x += 1) padded[radius + x] = values[start + x] as number;
    padded.fill(values[start + width - 1] as number, radius + width);
    for (let x = 0; x < width; x += AT_ONCE) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let k = 0; k < kernel.length; k += 1) {
        const weight = kernel[k] as number;
        const at = x + k;
        a += (padded[at] as number) * weight;
        b += (padded[at + 1] as number) * weight;
        c += (padded[at + 2] as number) * weight;
        d += (padded[at + 3] as number) * weight;
      }
      result[start + x] = a;
      if (x + 1 < width) result[start + x + 1] = b;
      if (x + 2 < width) result[start + x + 2] = c;
      if (x + 3 < width) result[start + x + 3] = d;
    }
  }
}

function alongColumns(
  values: Float32Array,
  result: Float32Array,
  width: number,
  height: number,
  kernel: Float32Array,
): void {
  const radius = (kernel.length - 1) / 2;
  const starts = new Int32Array(kernel.length);
  for (let row = 0; row < height; row += 1) {
    for (let k = 0; k < kernel.length; k += 1) {
      starts[k] = Math.max(0, Math.min(height - 1, row + k - radius)) * width;
    }
    const start = row * width;
    let x = 0;
    for (; x + AT_ONCE <= width; x += AT_ONCE) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let k = 0; k < kernel.length; k += 1) {
        const weight = kernel[k] as number;
        const at = (starts[k] as number) + x;
        a += (values[at] as number) * weight;
        b += (values[at + 1] as number) * weight;
        c += (values[at + 2] as number) * weight;
        d += (values[at + 3] as number) * weight;
      }
      result[start + x] = a;
      result[start + x + 1] = b;
      result[start + x + 2] = c;
      result[start + x + 3] = d;
    }
    for (; x < width; x += 1) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k += 1) {
        sum += (values[(starts[k] as number) + x] as number) * (kernel[k] as number);
      }
      result[start + x] = sum;
    }
  }
}
