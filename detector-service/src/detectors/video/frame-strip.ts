import { encodePng, fitWithin } from '../../intake/image.js';
import type { VideoFrame } from '../../intake/video-frames.js';
import type { EvidenceFile } from '../../verdict/types.js';
import type { Place } from '../crops.js';
import { Canvas, type Colour } from '../drawing.js';
import type { JudgedFaces } from './face-scores.js';
import type { JudgedFrames } from './frame-scores.js';
import { summarise } from './temporal-aggregation.js';

const COLUMNS = 4;
/** Longest side of a frame in the strip. */
const SIDE = 300;
const GAP = 8;
const LABEL = 18;

const BACKGROUND: Colour = [24, 24, 28];
const INK: Colour = [230, 230, 235];

/** The box of a face that was scored. */
const FACE: Colour = [90, 190, 255];
/** The box with a face's highest score. */
const LEADER: Colour = [255, 176, 0];

/** What is drawn on a frame. */
export interface FrameMarks {
  /** Highest score of the frame or of a face in it. */
  readonly score?: number;
  /** In pixels of the frame. */
  readonly boxes: readonly (Place & { readonly leads: boolean })[];
}

/**
 * The frames that were looked at on one sheet, each with its time below and, where it was scored, the highest score. Boxes are around the faces that were scored,
 * a thicker amber one where a face's score was highest.
 *
 * @param marks by place in the list of frames
 */
export async function drawFrameStrip(
  frames: readonly VideoFrame[],
  marks: ReadonlyMap<number, FrameMarks>,
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
    const { score, boxes = [] } = marks.get(i) ?? {};
    const { seconds = 0, pixels } = frames[i] ?? {};
    const shrunk = picture.width / (pixels?.width ?? picture.width);
    for (const { leads, ...box } of boxes) {
      canvas.outline(
        left + Math.round(box.left * shrunk),
        top + Math.round(box.top * shrunk),
        Math.round(box.width * shrunk),
        Math.round(box.height * shrunk),
        leads ? LEADER : FACE,
        leads ? 3 : 2,
      );
    }
    const time = clock(seconds);
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

/** Scores and boxes by frame: of whole frames, and of the faces where any were looked for. */
export function stripMarks(
  whole: JudgedFrames,
  faces: JudgedFaces | null,
): Map<number, FrameMarks> {
  const marks = new Map<number, FrameMarks>();
  const of = (frame: number): FrameMarks => marks.get(frame) ?? { boxes: [] };
  const scored = faces?.tracks.filter(({ models }) => models.length > 0) ?? [];
  for (const { frame, score } of [whole, ...scored].flatMap(({ models }) =>
    models.flatMap(({ scores }) => scores),
  )) {
    const old = of(frame);
    marks.set(frame, { ...old, score: Math.max(score, old.score ?? 0) });
  }
  for (const { track, models } of scored) {
    const leaders = new Set(models.map(({ scores }) => summarise(scores)?.leader));
    const shown = new Set(models.flatMap(({ scores }) => scores.map(({ frame }) => frame)));
    for (const { frame, face } of track.filter((sighting) => shown.has(sighting.frame))) {
      const old = of(frame);
      marks.set(frame, { ...old, boxes: [...old.boxes, { ...face, leads: leaders.has(frame) }] });
    }
  }
  return marks;
}

/** `1:02.5`; the canvas knows no other marks. */
export function clock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = ((tenths - minutes * 600) / 10).toFixed(1).padStart(4, '0');
  return `${minutes}:${rest}`;
}
