/** What decides a measurement besides the bytes. Scores are kept under its hash, so nothing measured under other rules is ever taken for a score of the present ones. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import type { Model } from '../inference/model-manifest.js';
import { VERSION } from '../ops/version.js';

export interface Rules {
  /** Of {@link hashJudgingCode}. */
  readonly code: string;
  /** Each manifest pins its model file. */
  readonly models: readonly Pick<Model, 'manifest'>[];
  readonly trustList: string | null;
  readonly documentTrustList: string | null;
  /** First line of `ffmpeg -version`; null without ffmpeg, when some media is not judged. */
  readonly ffmpeg: string | null;
  readonly maxBytes: number;
  /** Of the variants. */
  readonly seed: number;
}

/** @returns SHA-256 in hex */
export function rulesetOf(rules: Rules): string {
  const { code, models, trustList, documentTrustList, ffmpeg, maxBytes, seed } = rules;
  const manifests = models.map(({ manifest }) => manifest);
  return createHash('sha256')
    .update(
      JSON.stringify([
        ...[VERSION, code, manifests, trustList, documentTrustList],
        ...[ffmpeg, maxBytes, seed],
      ]),
    )
    .digest('hex');
}

/** Where everything lies that a verdict or a variant is made of, relative to the service's source or build. */
export const JUDGING_PARTS = [
  'detectors',
  'evaluation/measurement',
  'evaluation/variants',
  'inference',
  'intake',
  'kernels',
  'provenance',
  'verdict',
] as const;

/** The service's own source, or its build: whichever runs. */
const RUNNING = fileURLToPath(new URL('../', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url));

const packageSchema = z.object({ dependencies: z.record(z.string(), z.string()) });

/**
 * Tells a change of the code that was not given a version: hashes the files of {@link JUDGING_PARTS} by path and content, and the pinned versions of the
 * libraries they decode with.
 *
 * @param root folder of the source or of the build
 * @param packagePath the `package.json` with the pinned libraries
 * @returns SHA-256 in hex
 */
export async function hashJudgingCode(root = RUNNING, packagePath = PACKAGE): Promise<string> {
  const { dependencies } = packageSchema.parse(JSON.parse(await readFile(packagePath, 'utf8')));
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(dependencies).sort()));
  for (const path of await judgingFiles(root)) {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    hash.update(`${relative(root, path).split(sep).join('/')}\0${digest}\n`);
  }
  return hash.digest('hex');
}

/** Full paths, sorted. Declarations of types and source maps decide nothing. */
async function judgingFiles(root: string): Promise<readonly string[]> {
  const paths = await readdir(root, { recursive: true });
  return paths
    .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('.d.ts'))
    .filter((path) => isJudging(path.split(sep).join('/')))
    .map((path) => join(root, path))
    .sort();
}

function isJudging(path: string): boolean {
  return JUDGING_PARTS.some((part) => path.startsWith(`${part}/`) || path.startsWith(`${part}.`));
}
