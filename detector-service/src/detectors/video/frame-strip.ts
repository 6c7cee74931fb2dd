import { encodePng, fitWithin } from '../../intake/image.js';
import type { VideoFrame } from '../../intake/video-frames.js';
import type { EvidenceFile } from '../../verdict/types.js';
import { Canvas, type Colour } from '../drawing.js';

const COLUMNS = 4;
/** Longest side of a frame in the strip. */
const SIDE = 300;
const GAP = 8;
const LABEL = 18;

const BACKGROUND: Colour = [24, 24, 28];
const INK: Colour = [230, 230, 235];

/**
 * The frames that were looked at on one sheet, each with its time below and, where it was scored, the highest score.
 *
 * @param scores by place in the list of frames; undefined where a frame was not scored
 */
export async function drawFrameStrip(
  frames: readonly VideoFrame[],
  scores: ReadonlyMap<number, number>,
): Promise<EvidenceFile> {
  const pictures = await Promise.all(frames.map(({ pixels }) => fitWithin(pixels, SIDE)));
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = Math.max(...pictures.map((picture) => picture.height));
  const columns = Math.min(COLUMNS, frames.length);
  const lines = Math.ceil(frames.length / columns);
  const canvas = new Canvas(
    columns * (width + GAP) + GAP,
    lines * (height + LABEL + GAP) + GAP,
    BACKGROUND,
  );
  pictures.forEach((picture, i) => {
    const left = GAP + (i % columns) * (width + GAP);
    const top = GAP + Math.floor(i / columns) * (height + LABEL + GAP);
    canvas.place(picture, left, top);
    const score = scores.get(i);
    const time = clock(frames[i]?.seconds ?? 0);
    canvas.write(
      score === undefined ? time : `${time}   ${score.toFixed(2)}`,
      left,
      top + height + 4,
      INK,
    );
  });
  return {
    name: 'frames.png',
    kind: 'frame_strip',
    mediaType: 'image/png',
    bytes: await encodePng(canvas.pixels),
  };
}

/** `1:02.5`; the canvas knows no other marks. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = ((tenths - minutes * 600) / 10).toFixed(1).padStart(4, '0');
  return `${minutes}:${rest}`;
}
