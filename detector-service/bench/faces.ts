import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import { overlap, type Face } from '../src/detectors/faces/boxes.js';
import { findFaces } from '../src/detectors/faces/find-faces.js';
import { openFaceModel, type FaceModel } from '../src/inference/face-model.js';
import { loadModel, type FacesManifest, type Model } from '../src/inference/model-manifest.js';
import { shrink, type Pixels } from '../src/intake/image.js';
import { drawnFaces } from '../test/support/drawn-face.js';
import { print, readCsv } from './data.js';

const MODEL = fileURLToPath(new URL('../models/faces', import.meta.url));
/** Longer side of a box, as a share of that of the picture, from which a face is no small one. */
const LARGE = 0.15;

/** Sides of drawn faces, as shares of the longer side of the picture. */
const SHARES = [0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.55];

interface Group {
  pictures: number;
  withFace: number;
  withLargeFace: number;
  boxes: number;
}

/**
 * Looks for faces in the pictures of a folder (`manifest.csv`: file, category, source) and prints for each source in how many any was found. There are no boxes to
 * compare with: a source of portraits shows what is missed, one without people what is mistaken. Then it draws faces of many sizes. `--out <file>` keeps the figures for
 * `training/faces/publish.py`.
 */
export async function benchFaces(folder: string, options: readonly string[]): Promise<void> {
  const out = options[0] === '--out' ? options[1] : undefined;
  const model = await openFaceModel(await openManifest());
  const groups = new Map<string, Group>();
  const spent: number[] = [];
  for (const { file = '', category, source } of await readCsv(join(folder, 'manifest.csv'))) {
    const pixels = await readFile(join(folder, file)).then(decoded, () => null);
    if (!pixels) continue;
    const small = await shrink(pixels);
    const before = process.cpuUsage();
    const faces = await findFaces(model, pixels, small);
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
    const key = `${category} ${source}`;
    const group = groups.get(key) ?? { pictures: 0, withFace: 0, withLargeFace: 0, boxes: 0 };
    groups.set(key, group);
    group.pictures += 1;
    group.boxes += faces.length;
    if (faces.length > 0) group.withFace += 1;
    if (faces.some((face) => isLarge(face, pixels))) group.withLargeFace += 1;
  }
  print('category source: pictures, with a face, with one of 15 % of the side or more, boxes');
  for (const [key, { pictures, withFace, withLargeFace, boxes }] of [...groups].sort()) {
    print(`${key}: ${pictures}, ${withFace}, ${withLargeFace}, ${boxes}`);
  }
  spent.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((spent[Math.floor(spent.length * share)] ?? 0) * 10) / 10;
  const cpuMs = { median: at(0.5), within95: at(0.95) };
  print(`CPU ms a picture: median ${cpuMs.median}, 95 of 100 within ${cpuMs.within95}`);
  const drawn = await findDrawn(model);
  for (const { share, found, pictures } of drawn) {
    print(`drawn face of ${Math.round(share * 100)} % of the width: found ${found} of ${pictures}`);
  }
  if (out === undefined) return;
  const sources = [...groups].sort().map(([key, group]) => {
    const [category = '', source = ''] = key.split(' ');
    return { category, source, ...group };
  });
  await writeFile(out, JSON.stringify({ sources, cpuMs, drawn }, null, 2));
}

async function findDrawn(model: FaceModel) {
  const [width, height] = [1280, 720];
  const results = [];
  for (const share of SHARES) {
    const side = share * width;
    let [found, pictures] = [0, 0];
    for (const across of [0, 0.25, 0.5, 0.75, 1]) {
      for (const down of [0, 0.5, 1]) {
        const face = {
          left: across * (width - side),
          top: down * (height - side),
          width: side,
          height: side,
        };
        const picture = await drawnFaces({ width, height, seed: pictures, faces: [face] });
        const faces = await findFaces(model, picture, picture);
        if (faces.some((each) => overlap(each, face) >= 0.5)) found += 1;
        pictures += 1;
      }
    }
    results.push({ share, found, pictures });
  }
  return results;
}

async function openManifest(): Promise<Model<FacesManifest>> {
  const { manifest, ...rest } = await loadModel(MODEL);
  if (manifest.kind !== 'image-faces') {
    throw new Error(
      `Expected a model that finds faces in ${MODEL} but its kind is ${manifest.kind}.`,
    );
  }
  return { manifest, ...rest };
}

function isLarge(face: Face, { width, height }: Pixels): boolean {
  return Math.max(face.width, face.height) >= LARGE * Math.max(width, height);
}

async function decoded(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .rotate()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
