import type { FacesManifest, Model } from './model-manifest.js';
import { openSession } from './onnx-session.js';
import { normalised, type Crop } from './picture-model.js';

/** What a cell of the input proposes. */
export interface FaceProposal {
  readonly column: number;
  readonly row: number;
  /** Confidence 0..1. */
  readonly score: number;
  /** Centre right and down from that of the cell, width and height; pixels of the input. */
  readonly box: readonly [right: number, down: number, width: number, height: number];
}

export interface FaceModel {
  readonly manifest: FacesManifest;
  /**
   * @param square of the side that the manifest names
   * @returns proposals of at least `minScore`, in no order
   */
  propose(square: Crop): Promise<readonly FaceProposal[]>;
}

/** @throws Error where the file is no ONNX model or lacks the tensors that the manifest names */
export async function openFaceModel({ manifest, path }: Model<FacesManifest>): Promise<FaceModel> {
  const { id, input, output, minScore } = manifest;
  const session = await openSession(path, {
    id,
    input: input.name,
    outputs: [output.boxes, output.scores],
  });
  return {
    manifest,
    async propose(square) {
      const tensors = await session.run(normalised(square, input), [1, 3, input.side, input.side]);
      const boxes = tensors.get(output.boxes);
      const scores = tensors.get(output.scores)?.values ?? new Float32Array();
      const count = output.cells * output.cells;
      const stride = boxes?.dims.at(-1) ?? 0;
      if (
        !boxes ||
        scores.length !== count ||
        stride < 4 ||
        boxes.values.length !== count * stride
      ) {
        throw new Error(
          `Expected ${count} boxes and scores from ${id} but received ${boxes?.dims.join(' x ') ?? 'no'} boxes and ${scores.length} scores; correct output.cells in its manifest.`,
        );
      }
      return proposalsIn(boxes.values, stride, scores, output.cells, minScore);
    },
  };
}

function proposalsIn(
  boxes: Float32Array,
  stride: number,
  scores: Float32Array,
  cells: number,
  minScore: number,
): FaceProposal[] {
  const proposals: FaceProposal[] = [];
  scores.forEach((logit, cell) => {
    const score = 1 / (1 + Math.exp(-logit));
    // Written so that NaN fails.
    if (!(score >= minScore)) return;
    const at = cell * stride;
    const [right = 0, down = 0, width = 0, height = 0] = boxes.subarray(at, at + 4);
    proposals.push({
      column: cell % cells,
      row: Math.floor(cell / cells),
      score,
      box: [right, down, width, height],
    });
  });
  return proposals;
}
