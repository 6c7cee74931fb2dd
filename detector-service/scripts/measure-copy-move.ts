import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { judgeCopyMove } from '../src/detectors/copy-move/judge.js';
import { decode, readHeader, fitWithin, type Pixels } from '../src/intake/image.js';
import { MEDIA_LIMITS } from '../src/intake/limits.js';

/**
 * Runs the copy-move search over a folder made by `training/make_edit_tests.py` and prints one CSV row a file: file, score (0 where nothing was found), IoU of
 * the marked regions with the true mask and its best half, milliseconds of CPU.
 *
 *     npx tsx scripts/measure-copy-move.ts FOLDER [kinds] > copy-move.csv
 */
const [folder, kinds = 'none,splice,copy_move'] = process.argv.slice(2);
if (!folder) throw new Error('Expected a folder made by training/make_edit_tests.py; name it.');

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function pixelsOf(name: string): Promise<Pixels> {
  const bytes = await readFile(join(folder as string, name));
  const header = await readHeader(
    bytes,
    name.endsWith('.png') ? 'image/png' : 'image/jpeg',
    MEDIA_LIMITS,
  );
  if (!header) throw new Error(`Expected a picture but ${name} has no readable header.`);
  return decode(bytes, header, MEDIA_LIMITS);
}

/** How well the marked region that fits better covers the area that was pasted. */
async function overlapWith(mask: Uint8Array, name: string): Promise<number> {
  const truth = await pixelsOf(name);
  const ious = [1, 2].map((side) => {
    let both = 0;
    let either = 0;
    for (let i = 0; i < mask.length; i += 1) {
      const isTrue = (truth.data[3 * i] as number) > 127;
      const isMarked = mask[i] === side;
      if (isTrue && isMarked) both += 1;
      if (isTrue || isMarked) either += 1;
    }
    return both / Math.max(1, either);
  });
  return Math.max(...ious);
}

async function main(): Promise<void> {
  print('file,score,iou,cpuMs');
  const manifest = await readFile(join(folder as string, 'manifest.csv'), 'utf8');
  for (const line of manifest.trim().split(/\r?\n/).slice(1)) {
    const [file = '', , kind = '', , , , mask = ''] = line.split(',');
    if (!kinds.split(',').includes(kind)) continue;
    const picture = await fitWithin(await pixelsOf(file), 1024);
    const before = process.cpuUsage();
    const found = judgeCopyMove(picture);
    const { user, system } = process.cpuUsage(before);
    const iou = found && mask ? (await overlapWith(found.repetition.mask, mask)).toFixed(3) : '';
    print(`${file},${(found?.score ?? 0).toFixed(4)},${iou},${Math.round((user + system) / 1000)}`);
  }
}

void main();
