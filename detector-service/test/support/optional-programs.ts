/** Programs that the service and its evaluation use where they are there and do without elsewhere, and the tests that need them. */
import { spawnSync } from 'node:child_process';

import { findFfmpeg } from '../../src/intake/ffmpeg.js';

/** `it` where the program is there; otherwise `it.skip`, and one line that names what is missing. */
function itWhere(isThere: boolean, program: string): typeof it {
  if (isThere) return it;
  process.stderr.write(
    `Not tested here: what needs ${program}. Install it (Debian: "apt-get install ${program}").\n`,
  );
  return it.skip;
}

export const ffmpeg = await findFfmpeg('ffmpeg');

export const itWithFfmpeg = itWhere(ffmpeg !== null, 'ffmpeg');

export const itWithQpdf = itWhere(spawnSync('qpdf', ['--version']).status === 0, 'qpdf');
