import { InferenceSession, Tensor } from 'onnxruntime-node';

import { SESSION_OPTIONS } from './onnx-session.js';

/**
 * Products of matrices by ONNX Runtime, which uses all lanes of the processor's vector units where JavaScript uses one: the network below is a single
 * multiplication.
 */
export interface MatrixProduct {
  /**
   * @param a `rows` x `length` values, row by row
   * @param b `columns` x `length` values, row by row
   * @returns `rows` x `columns` values: the product of each row of `a` with each row of `b`. The next call overwrites them: fresh memory for each would
   *   keep the garbage collector busier than the processor.
   */
  multiply(a: Float32Array, b: Float32Array, length: number): Promise<Float32Array>;
}

export async function openMatrixProduct(): Promise<MatrixProduct> {
  const session = await InferenceSession.create(productNetwork(), SESSION_OPTIONS);
  let memory = new Float32Array(0);
  return {
    async multiply(a, b, length) {
      const rows = a.length / length;
      const columns = b.length / length;
      if (memory.length < rows * columns) memory = new Float32Array(rows * columns);
      const values = memory.subarray(0, rows * columns);
      await session.run(
        {
          a: new Tensor('float32', a, [rows, length]),
          b: new Tensor('float32', b, [columns, length]),
        },
        { product: new Tensor('float32', values, [rows, columns]) },
      );
      return values;
    },
  };
}

/** An ONNX file (protobuf, onnx.proto of opset 13) with one node: `product = a x transposed b`. */
function productNetwork(): Uint8Array {
  const transposesB = message([text(1, 'transB'), integer(3, 1), integer(20, 2)]);
  const node = message([
    text(1, 'a'),
    text(1, 'b'),
    text(2, 'product'),
    text(4, 'Gemm'),
    part(5, transposesB),
  ]);
  const graph = message([
    part(1, node),
    text(2, 'product'),
    part(11, matrix('a', 'rows', 'length')),
    part(11, matrix('b', 'columns', 'length')),
    part(12, matrix('product', 'rows', 'columns')),
  ]);
  const opset = message([integer(2, 13)]);
  return message([integer(1, 8), part(7, graph), part(8, opset)]);
}

/** The name and type of a float32 tensor with two axes. */
function matrix(name: string, ...axes: readonly string[]): Buffer {
  const shape = message(axes.map((axis) => part(1, message([text(2, axis)]))));
  const tensor = message([integer(1, 1), part(2, shape)]);
  return message([text(1, name), part(2, message([part(1, tensor)]))]);
}

function message(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

function text(field: number, value: string): Buffer {
  return part(field, Buffer.from(value, 'latin1'));
}

function part(field: number, content: Buffer): Buffer {
  return Buffer.concat([key(field, 2), varint(content.length), content]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([key(field, 0), varint(value)]);
}

function key(field: number, wireType: number): Buffer {
  return varint(field * 8 + wireType);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
