import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const probability = z.number().min(0).max(1);
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

/** What every manifest says, whatever the model is fed with. */
const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Probability = sigmoid(logit / temperature + bias). */
  calibration: z.strictObject({ temperature: z.number().positive(), bias: z.number() }),
  thresholds: z
    .strictObject({ suspect: probability, clear: probability })
    .refine(({ suspect, clear }) => clear <= suspect, {
      message: 'thresholds.clear must not be above thresholds.suspect',
    }),
  abstain: z.strictObject({
    /** Pictures with a shorter side are not scored. */
    minSide: z.number().int().min(32),
    /** Share of flat 8 x 8 blocks above which a picture counts as drawing, screenshot or document and is not scored. */
    maxFlatShare: probability,
  }),
  training: z.looseObject({}),
  measured: z.looseObject({}),
  limits: z.array(z.string()),
};

/** Square RGB crops in, one logit a crop out; positive means generated. The map's mean is the logit. */
const cropManifestSchema = z.strictObject({
  ...common,
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
  /** Crops a picture, spread over a grid: 1, 4, 9 or 16. */
  crops: z.union([z.literal(1), z.literal(4), z.literal(9), z.literal(16)]),
});

/** The whole picture in, one logit and a map of logits out; positive means edited there. */
const regionManifestSchema = z.strictObject({
  ...common,
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

/**
 * What a model is, how to feed it and what its answers are worth. A user model brings the same file. Unknown keys are refused: a misspelt threshold
 * must not fall back to a default.
 */
export const modelManifestSchema = z.discriminatedUnion('kind', [
  cropManifestSchema,
  regionManifestSchema,
]);
export type CropManifest = z.infer<typeof cropManifestSchema>;
export type RegionManifest = z.infer<typeof regionManifestSchema>;
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/** SHA-256 in hex of all that decides a model's answers: the file, how it is fed, calibration, thresholds, abstention. Names, figures and texts may change. */
export function configurationHash(manifest: ModelManifest): string {
  const notes: ReadonlySet<string> = new Set(NOTES);
  const deciding = Object.entries(manifest).filter(([key]) => !notes.has(key));
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex');
}

const NOTES: readonly (keyof ModelManifest)[] = [
  ...(['id', 'version', 'title'] as const),
  ...(['training', 'measured', 'limits'] as const),
];

export interface Model<M extends ModelManifest = ModelManifest> {
  readonly manifest: M;
  /** The verified ONNX file. */
  readonly path: string;
  readonly folder: string;
}

/**
 * Reads `manifest.json` of a folder and checks the model file against its hash, so that what runs is what was measured.
 *
 * @param expectedId the id under which the caller registered the folder
 * @throws Error that names the folder and what is wrong
 */
export async function loadModel(folder: string, expectedId?: string): Promise<Model> {
  const fail = (message: string, cause?: unknown): Error =>
    new Error(`Expected a model in ${folder} but ${message}.`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  } catch (error) {
    throw fail(
      'manifest.json cannot be read as JSON; add one as docs/verdicts.md describes',
      error,
    );
  }
  const parsed = modelManifestSchema.safeParse(json);
  if (!parsed.success) throw fail(`manifest.json is not valid: ${z.prettifyError(parsed.error)}`);
  const manifest = parsed.data;
  if (expectedId !== undefined && manifest.id !== expectedId) {
    throw fail(
      `its manifest is for "${manifest.id}", not "${expectedId}"; use the id of the manifest`,
    );
  }
  const path = join(folder, manifest.file);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fail(`${manifest.file} cannot be read`, error);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.sha256) {
    throw fail(
      `${manifest.file} has the SHA-256 ${sha256} instead of ${manifest.sha256}; restore the file or, for a new model, update the manifest and its version`,
    );
  }
  return { manifest, path, folder };
}
