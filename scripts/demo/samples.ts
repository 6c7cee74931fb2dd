import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  makeAiClaimedPicture,
  makeBrokenClaimPicture,
  makeCleanPicture,
  makeDiffusionPicture,
  makeExecutable,
} from '../media/samples.js';

export interface Sample {
  readonly fileName: string;
  /** What is special about it, and what should come of it. */
  readonly about: string;
  readonly make: () => Promise<Buffer> | Buffer;
}

/** Media to try the product with; each stands for one kind of evidence. */
export const SAMPLES: readonly Sample[] = [
  {
    fileName: 'lake.jpg',
    about: 'a picture with nothing to find: is cleared',
    make: () => makeCleanPicture(),
  },
  {
    fileName: 'portrait.png',
    about: 'carries the settings of an image generator: synthetic',
    make: makeDiffusionPicture,
  },
  {
    fileName: 'campaign.jpg',
    about: 'its Content Credentials say that a model made it: synthetic',
    make: () => makeAiClaimedPicture(),
  },
  {
    fileName: 'passport.jpg',
    about: 'was changed after its Content Credentials were signed: tampered',
    make: () => makeBrokenClaimPicture(),
  },
  {
    fileName: 'invoice.jpg',
    about: 'is a program with the name of a picture: suspect',
    make: makeExecutable,
  },
];

/** Writes the sample media and returns their paths in the order of {@link SAMPLES}. */
export async function writeSamples(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (const { fileName, make } of SAMPLES) {
    const path = join(folder, fileName);
    writeFileSync(path, await make());
    paths.push(path);
  }
  return paths;
}
