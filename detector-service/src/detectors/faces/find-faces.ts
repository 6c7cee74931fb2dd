import type { FaceModel, FaceProposal } from '../../inference/face-model.js';
import type { FacesManifest } from '../../inference/model-manifest.js';
import { fitWithin, type Pixels } from '../../intake/image.js';
import { Canvas } from '../drawing.js';
import { merged, withinPicture, type Face } from './boxes.js';

type Size = Pick<Pixels, 'width' | 'height'>;

/**
 * Shares of the square that the picture fills. The net was made for faces that are a smaller part of what it sees, so a face that fills the picture is found
 * in the smaller view, a small one in the larger.
 */
const VIEWS = [1, 0.5];

/**
 * Faces in a picture, the most confident first.
 *
 * @param small the same picture shrunk, or the picture itself: the net sees few pixels, and shrinking a small picture is faster
 */
export async function findFaces(model: FaceModel, picture: Size, small: Pixels): Promise<Face[]> {
  const { manifest } = model;
  const boxes: Face[] = [];
  let view = small;
  for (const share of VIEWS) {
    view = await fitWithin(view, Math.round(manifest.input.side * share));
    const square = new Canvas(manifest.input.side, manifest.input.side, [0, 0, 0]);
    square.place(view, 0, 0);
    const proposals = await model.propose(square.pixels);
    boxes.push(...proposals.map((proposal) => boxOf(proposal, manifest, view, picture)));
  }
  return merged(boxes, manifest.mergeOverlap).flatMap((face) => {
    const visible = withinPicture(face, picture.width, picture.height);
    return visible ? [visible] : [];
  });
}

/**
 * The box of a proposal in the picture as it came.
 *
 * @param view size of the picture within the square
 */
export function boxOf(
  { column, row, score, box }: FaceProposal,
  { input, output }: Pick<FacesManifest, 'input' | 'output'>,
  view: Size,
  picture: Size,
): Face {
  const [right, down, width, height] = box;
  const cell = input.side / output.cells;
  const [across, along] = [picture.width / view.width, picture.height / view.height];
  return {
    left: ((column + 0.5) * cell + right - width / 2) * across,
    top: ((row + 0.5) * cell + down - height / 2) * along,
    width: width * across,
    height: height * along,
    score,
  };
}
