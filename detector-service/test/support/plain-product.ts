import type { MatrixProduct } from '../../src/inference/matrix-product.js';

/** In plain JavaScript: what native code returns has another realm's Float32Array, which ONNX Runtime refuses inside jest. */
export const plainProduct: MatrixProduct = {
  multiply(a, b, length) {
    const product: number[] = [];
    for (let row = 0; row < a.length; row += length) {
      for (let column = 0; column < b.length; column += length) {
        let sum = 0;
        for (let i = 0; i < length; i += 1)
          sum += (a[row + i] as number) * (b[column + i] as number);
        product.push(sum);
      }
    }
    return Promise.resolve(Float32Array.from(product));
  },
};
