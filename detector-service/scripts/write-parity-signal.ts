/** Writes the sound whose figures `training/audio/parity.py` computes and the tests compare: `npx tsx scripts/write-parity-signal.ts signal.wav`. */
import { writeFile } from 'node:fs/promises';

import { paritySound } from '../../scripts/media/sound.js';

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('Expected the path of the WAV file to write but received none.\n');
  process.exitCode = 2;
} else {
  await writeFile(path, paritySound());
}
