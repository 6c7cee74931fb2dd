/** Measurements on disk, one JSON object a line: an evaluation that was stopped goes on where it was. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { z } from 'zod';

import { VERDICTS } from '../verdict/types.js';
import type { Measurement } from './measurement.js';
import { VARIANT_NAMES, type VariantName } from './variants/catalogue.js';

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('judged'),
    mediaType: z.string(),
    verdict: z.enum(VERDICTS),
    codes: z.array(z.string()),
    scorers: z.record(
      z.string(),
      z.object({ score: z.number().nullable(), isFlagged: z.boolean() }),
    ),
    totalMs: z.number(),
  }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);
const lineSchema = z.object({
  ruleset: z.string(),
  sha256: z.string(),
  variant: z.enum(VARIANT_NAMES as [VariantName, ...VariantName[]]),
  answer: answerSchema,
});

export class MeasurementFile {
  readonly #path: string;
  readonly #ruleset: string;
  readonly #known: Map<string, Measurement>;

  private constructor(path: string, ruleset: string, known: Map<string, Measurement>) {
    this.#path = path;
    this.#ruleset = ruleset;
    this.#known = known;
  }

  /** @param ruleset names everything besides the bytes that decides a measurement; lines of another are passed over */
  static async open(path: string, ruleset: string): Promise<MeasurementFile> {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, '');
    const text = await readFile(path, 'utf8');
    const known = measurementsIn(text, ruleset);
    // A line cut off by a kill must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
    return new MeasurementFile(path, ruleset, known);
  }

  find(sha256: string, variant: VariantName): Measurement | undefined {
    return this.#known.get(keyOf({ sha256, variant }));
  }

  /** What was late or not made is only remembered for this run: a quieter machine or a missing program may be there next time. */
  async add(measurement: Measurement): Promise<void> {
    this.#known.set(keyOf(measurement), measurement);
    if (measurement.answer.kind === 'late' || measurement.answer.kind === 'not_made') return;
    const line = JSON.stringify({ ruleset: this.#ruleset, ...measurement });
    await appendFile(this.#path, `${line}\n`);
  }
}

/** Finds measurements of an earlier evaluation. @throws where the file cannot be read */
export async function readMeasurements(
  path: string,
  ruleset: string,
): Promise<Pick<MeasurementFile, 'find'>> {
  const known = measurementsIn(await readFile(path, 'utf8'), ruleset);
  return { find: (sha256, variant) => known.get(keyOf({ sha256, variant })) };
}

function measurementsIn(text: string, ruleset: string): Map<string, Measurement> {
  const known = new Map<string, Measurement>();
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (parsed?.ruleset === ruleset) known.set(keyOf(parsed), parsed);
  }
  return known;
}

function keyOf({ sha256, variant }: Pick<Measurement, 'sha256' | 'variant'>): string {
  return `${sha256}/${variant}`;
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
