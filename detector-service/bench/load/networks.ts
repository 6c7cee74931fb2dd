/** Both picture networks of the service and what they need of a picture: decoding and scaling. No findings, no evidence. */
import { cropViews } from '../../src/detectors/crop-views.js';
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

/** By model. */
export type Logits = Readonly<Record<string, number>>;

export const JPEG: SniffedType = {
  mediaType: 'image/jpeg',
  family: 'image',
  active: null,
  polyglot: null,
};

export async function prepareNetworks(): Promise<(bytes: Buffer) => Promise<Logits>> {
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

export async function decodeJpeg(bytes: Buffer): Promise<Pixels> {
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
