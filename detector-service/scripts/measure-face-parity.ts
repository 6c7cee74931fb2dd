/**
 * Compares a converted face detector with the original in TensorFlow Lite's own interpreter, on the pictures of a folder: largest difference of any logit and of the
 * sides of any box that counts, and in how many pictures a box appears or vanishes.
 *
 *     npx tsx scripts/measure-face-parity.ts <model.onnx> <@mediapipe/face_detection> <@tensorflow/tfjs-tflite> <pictures> [every]
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import sharp from 'sharp';

import { openSession } from '../src/inference/onnx-session.js';

const SIDE = 192;
const CELLS = 2304;
const BOX = 16;
/** Logit of the confidence from which a box counts. */
const LEAST = Math.log(0.6 / 0.4);

/** The part of the interpreter's interface that is used here. */
interface List<T> {
  size(): number;
  get(at: number): T;
}
interface LiteTensor {
  data(): Float32Array;
}
interface Runner {
  GetInputs(): List<LiteTensor>;
  GetOutputs(): List<LiteTensor>;
  Infer(): boolean;
}
interface Lite {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  readonly TFLiteWebModelRunner: {
    CreateFromBufferAndOptions(
      at: number,
      bytes: number,
      options: object,
    ): { ok(): boolean; errorMessage(): string; value(): Runner };
  };
}

const [onnx, weights, interpreter, folder, every = '1'] = process.argv.slice(2);
if (!onnx || !weights || !interpreter || !folder) {
  throw new Error(
    'Expected a model, the two unpacked packages and a folder of pictures; see the head of this file.',
  );
}

const session = await openSession(onnx, {
  id: 'faces',
  input: 'rgb',
  outputs: ['boxes', 'scores'],
});
const original = await openOriginal(
  join(weights, 'face_detection_full_range.tflite'),
  join(resolve(interpreter), 'wasm'),
);
let pictures = 0;
let logits = 0;
let sides = 0;
let changed = 0;
const files = (await readdir(folder, { recursive: true })).filter((name) =>
  /\.(?:jpe?g|png|webp)$/i.test(name),
);
for (const file of files.sort().filter((_, i) => i % Number(every) === 0)) {
  const rgb = await sharp(join(folder, file))
    .removeAlpha()
    .toColourspace('srgb')
    .resize(SIDE, SIDE, { fit: 'contain', background: '#000' })
    .raw()
    .toBuffer()
    .catch(() => null);
  if (rgb?.length !== SIDE * SIDE * 3) continue;
  const expected = original(Float32Array.from(rgb, (value) => value / 127.5 - 1));
  const planes = new Float32Array(rgb.length);
  rgb.forEach((value, i) => {
    planes[(i % 3) * SIDE * SIDE + Math.floor(i / 3)] = value / 127.5 - 1;
  });
  const tensors = await session.run(planes, [1, 3, SIDE, SIDE]);
  const scores = tensors.get('scores')?.values ?? new Float32Array();
  const boxes = tensors.get('boxes')?.values ?? new Float32Array();
  pictures += 1;
  logits = Math.max(logits, ...expected.scores.map((value, i) => Math.abs(value - at(scores, i))));
  expected.scores.forEach((value, cell) => {
    if (value < LEAST) return;
    for (let i = cell * BOX; i < cell * BOX + 4; i += 1) {
      sides = Math.max(sides, Math.abs(at(expected.boxes, i) - at(boxes, i)));
    }
  });
  if (Math.max(...scores) >= LEAST !== Math.max(...expected.scores) >= LEAST) changed += 1;
}
process.stdout.write(
  `${pictures} pictures: logits differ by ${logits.toPrecision(2)} at most, boxes that count by ${sides.toPrecision(2)} of ${SIDE} pixels, a box appears or vanishes in ${changed}\n`,
);

function at(values: Float32Array, place: number): number {
  return values[place] ?? Number.NaN;
}

async function openOriginal(path: string, wasm: string) {
  const open = createRequire(import.meta.url)(join(wasm, 'tflite_web_api_cc.js')) as (
    options: object,
  ) => Promise<Lite>;
  const lite = await open({ wasmBinary: await readFile(join(wasm, 'tflite_web_api_cc.wasm')) });
  const model = await readFile(path);
  const place = lite._malloc(model.length);
  lite.HEAPU8.set(model, place);
  const made = lite.TFLiteWebModelRunner.CreateFromBufferAndOptions(place, model.length, {
    numThreads: 1,
    enableProfiling: false,
    maxProfilingBufferEntries: 1,
  });
  if (!made.ok()) throw new Error(`Expected a model in ${path} but ${made.errorMessage()}`);
  const runner = made.value();
  return (input: Float32Array) => {
    runner.GetInputs().get(0).data().set(input);
    if (!runner.Infer()) throw new Error(`Expected answers from ${path} but inference failed.`);
    const outputs = runner.GetOutputs();
    const all = [0, 1].map((i) => outputs.get(i).data().slice());
    const scores = all.find(({ length }) => length === CELLS);
    const boxes = all.find(({ length }) => length === CELLS * BOX);
    if (!scores || !boxes) throw new Error(`Expected boxes and scores from ${path}.`);
    return { scores, boxes };
  };
}
