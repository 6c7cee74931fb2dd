/** What a picture costs at least: decoding and judging it, over and over, with nothing around it. Runs as a process of its own, one a core. */
import { judgeCopyMove } from '../../src/detectors/copy-move/judge.js';
import { cropViews } from '../../src/detectors/crop-views.js';
import type { CropManifest, Model, RegionManifest } from '../../src/inference/model-manifest.js';
import { openMatrixProduct } from '../../src/inference/matrix-product.js';
import { openPictureModel } from '../../src/inference/picture-model.js';
import { fingerprintPicture, FINGERPRINT_SIDE } from '../../src/intake/fingerprints/picture.js';
import {
  decode,
  fitWithin,
  greySquare,
  greyWithin,
  readHeader,
  shrink,
  throughJpeg,
  type Pixels,
} from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { HASH_SQUARE, perceptualHash } from '../../src/intake/perceptual-hash.js';
import { cutOut } from '../../src/intake/pixels.js';
import type { SniffedType } from '../../src/intake/sniff.js';
import { loadModels } from '../../src/verdict/pipeline.js';
import type { BoundAnswer, BoundRequest } from './bound.js';

type Work = (bytes: Buffer) => Promise<Readonly<Record<string, number>>>;

const JPEG: SniffedType = {
  mediaType: 'image/jpeg',
  family: 'image',
  active: null,
  polyglot: null,
};
const COPY_MOVE_SIDE = 1024;

async function prepare(): Promise<{ networks: Work; everything: Work }> {
  const product = await openMatrixProduct();
  const models = await loadModels({});
  const crops = await openAll(models.filter(isOfCrops));
  const regions = await openAll(models.filter(isOfRegions));

  const runNetworks = async (
    pixels: Pixels,
    small: Pixels,
  ): Promise<Readonly<Record<string, number>>> => {
    const logits: Record<string, number> = {};
    for (const model of crops) {
      const logitsOfViews: number[] = [];
      for (const view of await cropViews({ pixels, small, type: JPEG }, model.manifest)) {
        logitsOfViews.push(mean((await model.answer(view)).map(({ logit }) => logit)));
      }
      logits[model.manifest.id] = mean(logitsOfViews);
    }
    for (const model of regions) {
      const { id, input } = model.manifest;
      const [answer] = await model.answer([await fitted(small, input)]);
      logits[id] = answer?.logit ?? Number.NaN;
    }
    return logits;
  };

  return {
    async networks(bytes) {
      const pixels = await decodeJpeg(bytes);
      return runNetworks(pixels, await shrink(pixels));
    },
    async everything(bytes) {
      const pixels = await decodeJpeg(bytes);
      const small = await shrink(pixels);
      const logits = await runNetworks(pixels, small);
      await judgeCopyMove(await fitWithin(small, COPY_MOVE_SIDE), product);
      fingerprintPicture(await greyWithin(small, FINGERPRINT_SIDE));
      perceptualHash(await greySquare(small, HASH_SQUARE));
      return logits;
    },
  };
}

async function decodeJpeg(bytes: Buffer): Promise<Pixels> {
  const header = await readHeader(bytes, 'image/jpeg', MEDIA_LIMITS);
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

function openAll<M extends CropManifest | RegionManifest>(models: readonly Model<M>[]) {
  return Promise.all(models.map(openPictureModel<M>));
}

const works = prepare();
process.on('message', (request: BoundRequest) => {
  void works.then(async (prepared) => {
    const bytes = Buffer.from(request.bytes);
    const work = prepared[request.work];
    let logits = await work(bytes);
    const before = process.cpuUsage();
    const until = performance.now() + request.seconds * 1000;
    let pictures = 0;
    while (performance.now() < until) {
      logits = await work(bytes);
      pictures += 1;
    }
    const { user, system } = process.cpuUsage(before);
    const answer: BoundAnswer = { pictures, cpuMs: (user + system) / 1000, logits };
    process.send?.(answer);
  });
});
