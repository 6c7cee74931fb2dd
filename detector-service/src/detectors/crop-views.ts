import { scale, throughJpeg } from '../intake/image.js';
import type { CropManifest } from '../inference/model-manifest.js';
import { gridCrops, type PlacedCrop } from './crops.js';
import { LOSSLESS, type Subject } from './types.js';

/** What is looked at of a subject. */
type Viewed = Pick<Subject, 'small' | 'type'> & { readonly pixels: NonNullable<Subject['pixels']> };

/**
 * What a crop model is shown of a picture: native crops, whose pixels were never resampled, and crops of the picture shrunk, where the manifest asks for them
 * and the picture is larger. The two tell different things: traces between neighbouring pixels, and what shows in the whole.
 *
 * @returns one or two views, each of at least one crop; places are those in the picture as it came
 */
export async function cropViews(
  subject: Viewed,
  manifest: CropManifest,
): Promise<readonly (readonly PlacedCrop[])[]> {
  const { pixels, type } = subject;
  const { input } = manifest;
  const native = gridCrops(pixels, input.side, Math.sqrt(manifest.crops));
  const views = [LOSSLESS.test(type.mediaType) ? await encoded(native, input) : native];
  const shrunk = await shrunkCrops(subject, manifest);
  return shrunk === null ? views : [...views, await encoded(shrunk, input)];
}

async function shrunkCrops(
  { pixels, small }: Viewed,
  { shrunk, input }: CropManifest,
): Promise<PlacedCrop[] | null> {
  const short = Math.min(pixels.width, pixels.height);
  if (shrunk === undefined || short <= shrunk.shortSide) return null;
  const by = short / shrunk.shortSide;
  const whole = await scale(
    small ?? pixels,
    Math.round(pixels.width / by),
    Math.round(pixels.height / by),
  );
  return gridCrops(whole, input.side, Math.sqrt(shrunk.crops)).map((crop) => ({
    ...crop,
    place: {
      left: crop.place.left * by,
      top: crop.place.top * by,
      width: crop.place.width * by,
      height: crop.place.height * by,
    },
  }));
}

/** Training never saw pixels without compression, so fresh ones are compressed once before they are shown to the model. */
function encoded(
  crops: readonly PlacedCrop[],
  { jpegQuality }: CropManifest['input'],
): Promise<readonly PlacedCrop[]> | readonly PlacedCrop[] {
  if (jpegQuality === null) return crops;
  return Promise.all(
    crops.map(async ({ data, width, height, place }) => ({
      ...(await throughJpeg({ data: Buffer.from(data), width, height }, jpegQuality)),
      place,
    })),
  );
}
