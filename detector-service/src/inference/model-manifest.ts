import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { facesManifestSchema } from './face-manifest.js';
import { cropManifestSchema, regionManifestSchema } from './picture-manifest.js';
import { figuresManifestSchema, samplesManifestSchema } from './speech-manifest.js';

/**
 * What a model is, how to feed it and what its answers are worth. A user model brings the same file. Unknown keys are refused: a misspelt threshold
 * must not fall back to a default.
 */
export const modelManifestSchema = z.discriminatedUnion('kind', [
  cropManifestSchema,
  regionManifestSchema,
  figuresManifestSchema,
  samplesManifestSchema,
  facesManifestSchema,
]);
export type CropManifest = z.infer<typeof cropManifestSchema>;
export type RegionManifest = z.infer<typeof regionManifestSchema>;
export type PictureManifest = CropManifest | RegionManifest;
export type FiguresManifest = z.infer<typeof figuresManifestSchema>;
export type SamplesManifest = z.infer<typeof samplesManifestSchema>;
export type SpeechManifest = FiguresManifest | SamplesManifest;
export type FacesManifest = z.infer<typeof facesManifestSchema>;
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
