import { z } from 'zod';

import { common, probability } from './manifest-parts.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Shape of the answer: a logit for the whole input, and mostly a map of logits over it. */
const map = z.strictObject({
  /** Tensor of shape [N, h, w]. */
  name: z.string(),
  /** Rows and columns missing at each edge, because windows near it do not fit into the input. */
  margin: z.number().int().min(0).max(16),
});

const tensor = {
  /** Tensor name; shape [N, 3, H, W], float32. */
  name: z.string(),
  /** A channel becomes (value / 255 - mean) / deviation. */
  mean: triple,
  deviation: triple,
  /** Losslessly stored pictures pass through JPEG of this quality first, as in training; null leaves them alone. */
  jpegQuality: z.number().int().min(30).max(100).nullable(),
};

const picture = {
  ...common,
  abstain: z.strictObject({
    /** Pictures with a shorter side are not scored. */
    minSide: z.number().int().min(32),
    /** Share of flat 8 x 8 blocks above which a picture counts as drawing, screenshot or document and is not scored. */
    maxFlatShare: probability,
  }),
};

const crops = z.union([z.literal(1), z.literal(4), z.literal(9), z.literal(16)]);

/** Square RGB crops in, one logit a crop out; positive means generated. The map's mean is the logit. */
export const cropManifestSchema = z.strictObject({
  ...picture,
  kind: z.literal('image-crops'),
  input: z.strictObject({
    ...tensor,
    /** Crops are squares of this side; pictures with a shorter side are fed as they are where `isFixed` is false. */
    side: z.number().int().min(32).max(1024),
    isFixed: z.boolean(),
  }),
  output: z.strictObject({
    /** Tensor of shape [N]. */
    logit: z.string(),
    /** For heat maps; null where the model has none. */
    map: map.nullable(),
  }),
  /** Native crops a picture, spread over a grid: 1, 4, 9 or 16. */
  crops,
  /**
   * Larger pictures are judged a second time, shrunk to this short side and passed through JPEG of `jpegQuality`, by at most so many crops. Native and
   * shrunk crops weigh alike, each by the mean of their logits.
   */
  shrunk: z.strictObject({ shortSide: z.number().int().min(32).max(2048), crops }).optional(),
});

/** The whole picture in, one logit and a map of logits out; positive means edited there. */
export const regionManifestSchema = z.strictObject({
  ...picture,
  kind: z.literal('image-regions'),
  input: z.strictObject({
    ...tensor,
    /** Larger pictures are shrunk to this longest side and then pass through JPEG of `jpegQuality`. */
    longestSide: z.number().int().min(128).max(2048),
    /** Sides are cut at the right and below to whole multiples of this. */
    multiple: z.number().int().min(1).max(64),
  }),
  output: z.strictObject({
    /** Tensor of shape [N]. */
    logit: z.string(),
    map,
  }),
});
