import { z } from 'zod';

import { described, probability } from './manifest-parts.js';

/**
 * A picture in, boxes of faces out; it finds faces and judges none. The picture is fitted into a square and filled up with black at the right and below. The
 * net divides the square into equal cells and proposes one face a cell.
 */
export const facesManifestSchema = z.strictObject({
  ...described,
  kind: z.literal('image-faces'),
  input: z.strictObject({
    /** Tensor name; shape [1, 3, side, side], float32. */
    name: z.string(),
    /** A channel becomes (value / 255 - mean) / deviation. */
    mean: z.tuple([z.number(), z.number(), z.number()]),
    deviation: z.tuple([z.number(), z.number(), z.number()]),
    side: z.number().int().min(64).max(1024),
  }),
  output: z.strictObject({
    /** Tensor of shape [1, cells, 4 or more]: centre right and down from that of the cell, width and height, in pixels of the input. */
    boxes: z.string(),
    /** Tensor of shape [1, cells, 1]: logit that the cell holds a face. */
    scores: z.string(),
    /** Cells a row and column. */
    cells: z.number().int().min(4).max(256),
  }),
  /** Confidence from which a proposal counts. */
  minScore: probability,
  /** Overlap over union from which two proposals are one face. */
  mergeOverlap: probability,
});
