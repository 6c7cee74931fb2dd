/** Writes labels as a labelled set that `evaluate` and training read. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import Papa from 'papaparse';

import { measureFile } from '../intake/measure.js';
import type { LabelPurpose } from '../store/label-use.js';
import type { MediaPlace } from './label-media.js';
import type { Label, LabelSet } from './labels.js';

export interface LabelExport {
  /** Items of `manifest.csv`, with their bytes beside it. */
  readonly items: number;
  /** Rows of `without-media.csv`: labels whose bytes are nowhere. */
  readonly withoutMedia: number;
  readonly manifestSha256: string;
  /** The first day on which a file of the set must be gone, as the service would have forgotten it; null for an empty set. */
  readonly deleteBy: string | null;
}

/** Whose labels, and what for. */
export interface LabelledFor {
  readonly tenantId: string;
  readonly purpose: LabelPurpose;
}

const MEDIA = 'media';

/**
 * @param folder new or empty
 * @param places asked in turn for the bytes of each label
 * @throws Error where the folder holds something
 */
export async function exportLabels(
  folder: string,
  { labels, leftOut }: LabelSet,
  places: readonly MediaPlace[],
  about: LabelledFor,
): Promise<LabelExport> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) {
    throw new Error(`Expected a new or empty folder but ${folder} holds something; name another.`);
  }
  await mkdir(join(folder, MEDIA), { mode: 0o700 });
  const found: Label[] = [];
  const missing: Label[] = [];
  for (const label of labels) {
    const isFound = await findMedia(label, join(folder, MEDIA, label.sha256), places);
    (isFound ? found : missing).push(label);
  }
  const manifest = toCsv(
    found.map((label) => ({ file: `${MEDIA}/${label.sha256}`, ...row(label, about) })),
  );
  const first = Math.min(...found.map(({ keepUntil }) => keepUntil.getTime()));
  const result: LabelExport = {
    items: found.length,
    withoutMedia: missing.length,
    manifestSha256: createHash('sha256').update(manifest).digest('hex'),
    deleteBy: found.length === 0 ? null : new Date(first).toISOString().slice(0, 10),
  };
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(folder, name), text, { mode: 0o600 });
  await write('manifest.csv', manifest);
  await write('without-media.csv', toCsv(missing.map((label) => row(label, about))));
  const exported = { ...about, exportedAt: new Date().toISOString(), ...result, leftOut };
  await write('export.json', `${JSON.stringify(exported, null, 2)}\n`);
  return result;
}

async function findMedia(
  label: Label,
  target: string,
  places: readonly MediaPlace[],
): Promise<boolean> {
  for (const place of places) {
    if (!(await place(label, target))) continue;
    await chmod(target, 0o600);
    // Whatever the place said: a label is worth something only for the bytes that were decided on.
    const { sha256 } = await measureFile(target, Number.MAX_SAFE_INTEGER);
    if (sha256 === label.sha256) return true;
  }
  return false;
}

/** Columns of `evaluate`, and those that the training scripts ask for besides: `repo` decides the fold, and a tenant is one. */
function row(label: Label, { tenantId, purpose }: LabelledFor): Readonly<Record<string, string>> {
  const { sha256, source, generator, category, mediaType, verdict, models } = label;
  return {
    label: label.label,
    ...{ source, generator, category, sha256, mediaType, verdict },
    score: label.score === null ? '' : String(label.score),
    models,
    decidedAt: label.decidedAt.toISOString(),
    keepUntil: label.keepUntil.toISOString(),
    repo: `${tenantId}/reviewed`,
    generator_or_camera: generator,
    license: `agreed with ${tenantId} for ${purpose}`,
  };
}

/** Cells come from strangers: one that a spreadsheet would run as a formula is defused. */
function toCsv(rows: readonly Readonly<Record<string, string>>[]): string {
  return `${Papa.unparse([...rows], { escapeFormulae: true, newline: '\n' })}\n`;
}
