import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, verifyAll } from './data.js';

const FACES = ['video.faces_scored', 'video.faces_not_scored'];
const FRAMES = ['video.frames_scored', 'video.generated', 'video.not_decoded'];

/**
 * Judges labelled videos and moving pictures (`manifest.csv`: file, label, system, subject) and prints a line a file: the score of the face whose robust mean is
 * highest, the median over whole frames, and the time; then how the two classes lie. `--strips <folder>` keeps the strips of frames.
 */
export async function benchVideo(folder: string, options: readonly string[]): Promise<void> {
  const keep = options[0] === '--strips' ? options[1] : undefined;
  const pipeline = await createPipeline({ processes: 1 });
  const rows = await readCsv(join(folder, 'manifest.csv'));
  const faceScores: Labelled[] = [];
  const frameScores: Labelled[] = [];
  const strips: { name: string; bytes: Uint8Array }[] = [];
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    ({ file = '', label = '', subject }, result) => {
      if (result.kind !== 'outcome') return print(`${file}: ${result.kind}`);
      const { findings, evidence } = result.outcome;
      const face = findings.find(({ code }) => FACES.includes(code));
      const whole = findings.find(({ code }) => FRAMES.includes(code));
      const isFake = label.startsWith('fake') ? true : label.startsWith('real') ? false : null;
      if (isFake !== null && face?.score != null) faceScores.push({ isFake, score: face.score });
      if (isFake !== null && whole?.score != null) frameScores.push({ isFake, score: whole.score });
      const strip = evidence.find(({ kind }) => kind === 'frame_strip');
      if (strip) strips.push({ name: `${basename(file)}.png`, bytes: strip.bytes });
      print(
        `${label} ${subject} ${basename(file)}: faces ${shown(face?.score)}, frames ${shown(whole?.score)}, ${Math.round(result.ms)} ms\n  ${face?.detail ?? 'no finding on faces'}`,
      );
    },
    1,
  );
  await pipeline.close();
  if (keep) await Promise.all(strips.map(({ name, bytes }) => writeFile(join(keep, name), bytes)));
  print(`faces: ${separation(faceScores)}\nwhole frames: ${separation(frameScores)}`);
}

interface Labelled {
  readonly isFake: boolean;
  readonly score: number;
}

const shown = (score: number | null | undefined): string => score?.toFixed(2) ?? '-';

/** Counts say more than rates where files are few: how many pairs of a fake and a real one are in the right order. */
function separation(scores: readonly Labelled[]): string {
  const fakes = scores.filter(({ isFake }) => isFake);
  const reals = scores.filter(({ isFake }) => !isFake);
  const right = fakes.flatMap((fake) => reals.filter((real) => fake.score > real.score)).length;
  return `${fakes.length} fake and ${reals.length} real files scored; the fake one is higher in ${right} of ${fakes.length * reals.length} pairs`;
}
