/** What a picture costs at least: decoding and judging it, over and over, with nothing around it. Runs as a process of its own, one a core. */
import { cropViews } from '../../src/detectors/crop-views.js';
import { createDetectors } from '../../src/detectors/suite.js';
import type { Subject } from '../../src/detectors/types.js';
import type { CropManifest, Model, RegionManifest } from '../../src/inference/model-manifest.js';
import { openPictureModel } from '../../src/inference/picture-model.js';
import {
  decode,
  fitWithin,
  readHeader,
  shrink,
  throughJpeg,
  type Pixels,
} from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { cutOut } from '../../src/intake/pixels.js';
import type { SniffedType } from '../../src/intake/sniff.js';
import { loadModels } from '../../src/verdict/pipeline.js';
import type { BoundAnswer, BoundRequest } from './bound.js';

type Logits = Readonly<Record<string, number>>;
type Work = (bytes: Buffer) => Promise<Logits>;

const JPEG: SniffedType = {
  mediaType: 'image/jpeg',
  family: 'image',
  active: null,
  polyglot: null,
};
const NO_LOGITS: Logits = {};

/** Decode, scale, run the networks: no findings, no evidence. */
async function prepareNetworks(): Promise<Work> {
  const models = await loadModels({});
  const crops = await Promise.all(models.filter(isOfCrops).map(openPictureModel<CropManifest>));
  const regions = await Promise.all(
    models.filter(isOfRegions).map(openPictureModel<RegionManifest>),
  );
  return async (bytes) => {
    const pixels = await decodeJpeg(bytes);
    const small = await shrink(pixels);
    const logits: Record<string, number> = {};
    for (const model of crops) {
      const logitsOfViews: number[] = [];
      for (const view of await cropViews({ pixels, small, type: JPEG }, model.manifest)) {
        logitsOfViews.push(mean((await model.answer(view)).map(({ logit }) => logit)));
      }
      logits[model.manifest.id] = mean(logitsOfViews);
    }
    for (const model of regions) {
      const [answer] = await model.answer([await fitted(small, model.manifest.input)]);
      logits[model.manifest.id] = answer?.logit ?? Number.NaN;
    }
    return logits;
  };
}

/** Decode, scale, run every detector of the service with the evidence it draws. */
async function prepareDetectors(): Promise<Work> {
  const detectors = await createDetectors(await loadModels({}), {
    ffmpeg: null,
    readMarks: () => Promise.reject(new Error('A JPEG holds no other media.')),
    documentAnchors: { signers: [], timeStamps: [] },
  });
  return async (bytes) => {
    const pixels = await decodeJpeg(bytes);
    const subject: Subject = {
      path: '',
      sizeBytes: bytes.length,
      bytes,
      type: JPEG,
      claim: null,
      pixels,
      small: await shrink(pixels),
      isDamaged: false,
      pages: 1,
      container: null,
      limits: MEDIA_LIMITS,
    };
    for (const detector of detectors) {
      if (detector.mediaTypes.test(JPEG.mediaType)) await detector.run(subject);
    }
    return NO_LOGITS;
  };
}

async function decodeJpeg(bytes: Buffer): Promise<Pixels> {
  const header = await readHeader(bytes, JPEG.mediaType, MEDIA_LIMITS);
  if (!header) throw new Error('Expected a JPEG that can be decoded.');
  return decode(bytes, header, MEDIA_LIMITS);
}

/** A JPEG as the region detector feeds it to its model. */
async function fitted(
  small: Pixels,
  { longestSide, multiple, jpegQuality }: RegionManifest['input'],
): Promise<Pixels> {
  const within = await fitWithin(small, longestSide);
  const picture =
    within !== small && jpegQuality !== null ? await throughJpeg(within, jpegQuality) : within;
  const whole = (side: number): number => Math.floor(side / multiple) * multiple;
  return cutOut(picture, 0, 0, whole(picture.width), whole(picture.height));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isOfCrops(model: Model): model is Model<CropManifest> {
  return model.manifest.kind === 'image-crops';
}

function isOfRegions(model: Model): model is Model<RegionManifest> {
  return model.manifest.kind === 'image-regions';
}

/** The first runs compile code and do not count. */
const WARM_UP = 3;

async function answer({ work, bytes, seconds }: BoundRequest): Promise<BoundAnswer> {
  const run = await (work === 'networks' ? prepareNetworks() : prepareDetectors());
  const picture = Buffer.from(bytes);
  let logits = NO_LOGITS;
  for (let i = 0; i < WARM_UP; i += 1) logits = await run(picture);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let pictures = 0;
  while (performance.now() < startedAt + seconds * 1000) {
    await run(picture);
    pictures += 1;
  }
  const { user, system } = process.cpuUsage(before);
  const rate = pictures / ((performance.now() - startedAt) / 1000);
  return { pictures, rate, cpuMs: (user + system) / 1000, logits };
}

process.once('message', (request: BoundRequest) => {
  void answer(request).then((result) => process.send?.(result));
});
