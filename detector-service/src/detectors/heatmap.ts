import { overlay, type Pixels } from '../intake/image.js';
import type { CropAnswer } from '../inference/picture-model.js';
import type { Place } from './crops.js';

/** Opacity of the strongest colour; unjudged areas stay uncoloured under a light veil. */
const MAX_OPACITY = 150;
const VEIL = 60;
/** Logits this far from the middle are drawn in full colour. */
const FULL_COLOUR = 4;

/** Cells of the painted layer along the picture's longer side. */
const LAYER_SIDE = 160;

/**
 * The picture with what the model saw in it: red argues for generated, blue against, by the model's own map of logits. Areas that no crop covered are
 * veiled in grey, since nothing was measured there.
 *
 * @param picture what to paint on, of any size
 * @param size of the picture that the crops were taken from
 * @param places of the crops in it, one for each answer
 * @param shift added to each logit, so that the colours change where the calibrated probability is one half
 */
export function drawHeatmap(
  picture: Pixels,
  size: { readonly width: number; readonly height: number },
  places: readonly Place[],
  answers: readonly CropAnswer[],
  shift: number,
): Promise<Buffer> {
  const scale = LAYER_SIDE / Math.max(size.width, size.height);
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const across = ((x + 0.5) / width) * size.width;
      const down = ((y + 0.5) / height) * size.height;
      const logit = logitAt(across, down, places, answers);
      paint(data, (y * width + x) * 4, logit === null ? null : logit + shift);
    }
  }
  return overlay(picture, { data, width, height });
}

/** Mean over the crops that cover a point, or null where none does. */
function logitAt(
  x: number,
  y: number,
  places: readonly Place[],
  answers: readonly CropAnswer[],
): number | null {
  let sum = 0;
  let count = 0;
  places.forEach((place, i) => {
    const map = answers[i]?.map;
    if (!map) return;
    const u = (x - place.left) / place.width;
    const v = (y - place.top) / place.height;
    if (u < 0 || v < 0 || u >= 1 || v >= 1) return;
    const column = cell(u, map.width, map.margin);
    sum += map.values[cell(v, map.height, map.margin) * map.width + column] ?? 0;
    count += 1;
  });
  return count === 0 ? null : sum / count;
}

/** Index of the map's cell at a place 0..1 of its crop; places in the margin take the nearest cell. */
function cell(place: number, length: number, margin: number): number {
  const index = Math.floor(place * (length + 2 * margin)) - margin;
  return Math.min(length - 1, Math.max(0, index));
}

function paint(layer: Buffer, at: number, logit: number | null): void {
  if (logit === null) {
    layer.fill(128, at, at + 3);
    layer[at + 3] = VEIL;
    return;
  }
  const strength = Math.min(1, Math.abs(logit) / FULL_COLOUR);
  layer[at] = logit > 0 ? 220 : 30;
  layer[at + 1] = 40;
  layer[at + 2] = logit > 0 ? 30 : 220;
  layer[at + 3] = Math.round(strength * MAX_OPACITY);
}
