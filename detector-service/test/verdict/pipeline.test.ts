import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

import sharp from 'sharp';

import { loadModel, type FiguresManifest } from '../../src/inference/model-manifest.js';
import { receiveMedia } from '../../src/intake/receive.js';
import { createPipeline } from '../../src/verdict/pipeline.js';
import type {
  VerificationContext,
  VerificationOutcome,
  VerificationPipeline,
} from '../../src/verdict/types.js';
import {
  makeAiClaimedPicture,
  makeBrokenClaimPicture,
  makeCameraClaimedPicture,
  makeCleanPicture,
  makeDiffusionPicture,
  makeExecutable,
  makeTestTrustAnchor,
  makeZipPolyglot,
} from '../../../scripts/media/samples.js';
import { movingFaces } from '../support/drawn-face.js';
import { paritySound } from '../../../scripts/media/sound.js';

const SHIPPED_EAR = fileURLToPath(new URL('../../models/speech-synthetic', import.meta.url));

let folder: string;
let pipeline: VerificationPipeline;
/** The shipped speech model under another manifest: it judges even vowels made by a program, and raises an alarm. */
let ear: FiguresManifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-pipeline-'));
  await writeFile(join(folder, 'root.pem'), (await makeTestTrustAnchor()).pem);
  const shipped = (await loadModel(SHIPPED_EAR)).manifest as FiguresManifest;
  ear = {
    ...shipped,
    id: 'ear',
    thresholds: { suspect: 0.01, clear: 0 },
    abstain: { ...shipped.abstain, maxStrangeness: null },
  };
  await cp(SHIPPED_EAR, join(folder, 'ear'), { recursive: true });
  await writeFile(join(folder, 'ear', 'manifest.json'), JSON.stringify(ear));
  pipeline = await createPipeline({
    processes: 1,
    trustAnchors: folder,
    models: { ear: join(folder, 'ear') },
  });
}, 120_000);
afterAll(async () => {
  await pipeline.close();
  await rm(folder, { recursive: true });
});

async function verify(
  bytes: Buffer,
  context: VerificationContext = {},
): Promise<VerificationOutcome> {
  const held = await receiveMedia(Readable.from([bytes]), folder);
  return pipeline.verify(held, context, new AbortController().signal);
}

describe('the pipeline', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, VerificationContext, object, string[]]>([
    [
      'a camera picture of a trusted signer',
      makeCameraClaimedPicture,
      {},
      { verdict: 'authentic' },
      ['c2pa.trusted'],
    ],
    [
      'a picture labelled as generated',
      makeAiClaimedPicture,
      {},
      { verdict: 'synthetic' },
      ['c2pa.ai_generated'],
    ],
    [
      'a picture changed after signing',
      makeBrokenClaimPicture,
      {},
      { verdict: 'tampered' },
      ['c2pa.broken'],
    ],
    [
      'a picture with generator settings',
      makeDiffusionPicture,
      {},
      { verdict: 'synthetic' },
      ['metadata.generator_mark'],
    ],
    [
      'a program in disguise',
      makeExecutable,
      { fileName: 'photo.jpg' },
      { verdict: 'suspect', score: null, evidence: [] },
      ['mime.executable', 'mime.disguised'],
    ],
    [
      'a picture that is an archive',
      makeZipPolyglot,
      {},
      { verdict: 'suspect' },
      ['mime.polyglot'],
    ],
    [
      'a web page',
      () => Buffer.from('<html><script>1</script></html>'),
      { fileName: 'a.png' },
      { verdict: 'suspect' },
      ['mime.executable', 'mime.disguised'],
    ],
    [
      'a text file',
      () => Buffer.from('Dear Sir,\n'),
      { fileName: 'letter.txt' },
      { verdict: 'not_evaluated', score: null },
      ['media.not_evaluated'],
    ],
    [
      'a tiny picture',
      () =>
        sharp({ create: { width: 40, height: 40, channels: 3, background: '#fff' } })
          .png()
          .toBuffer(),
      {},
      { verdict: 'not_evaluated', score: null },
      ['image.not_scored'],
    ],
    [
      'a flat picture',
      () =>
        sharp({ create: { width: 400, height: 400, channels: 3, background: '#fff' } })
          .png()
          .toBuffer(),
      {},
      { verdict: 'not_evaluated', score: null },
      ['image.not_scored'],
    ],
  ])('%s', async (_name, make, context, expected, codes) => {
    const outcome = await verify(await make(), context);
    expect(outcome).toMatchObject(expected);
    expect(outcome.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  });

  it('measures a plain picture and shows its evidence', async () => {
    const picture = await makeCleanPicture();
    const outcome = await verify(picture, { fileName: 'lake.jpg', declaredType: 'image/jpeg' });
    expect(['clear', 'suspect']).toContain(outcome.verdict);
    expect(outcome.score).toBeGreaterThanOrEqual(0);
    expect(outcome.score).toBeLessThanOrEqual(1);
    expect(outcome.models.map(({ id }) => id).sort()).toEqual(['image-edited', 'image-generated']);
    expect(outcome.media).toMatchObject({
      mediaType: 'image/jpeg',
      width: 640,
      height: 480,
      sizeBytes: picture.length,
    });
    expect(outcome.media.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
    const { evidence } = outcome;
    expect(evidence.map(({ kind }) => kind)).toEqual(['preview', 'heatmap', 'heatmap']);
    for (const { bytes, mediaType } of evidence) {
      const header = await sharp(bytes).metadata();
      expect(`image/${header.format}`).toBe(mediaType);
      expect(header.exif ?? header.xmp ?? header.iptc).toBeUndefined();
    }
  });

  it('shows the faces of a moving picture to the picture model, and accuses nobody for it', async () => {
    const outcome = await verify(
      await movingFaces(
        [80, 86, 92, 98].map((left) => [{ left, top: 60, width: 110, height: 110 }]),
      ),
    );
    const found = outcome.findings.find(({ code }) => code === 'video.faces_scored');
    expect(found).toMatchObject({ detector: 'video-faces', severity: 'info' });
    expect(found?.detail).toContain('image-generated scored a face in the square around it. ');
    // A slow machine may have no time for the fourth.
    expect(found?.detail).toMatch(/Face 1 in [34] frames/);
    expect(found?.score).toBeGreaterThan(0);
    // Its first frame is judged as a still picture too.
    expect(['clear', 'not_evaluated']).toContain(outcome.verdict);
    expect(outcome.models.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['faces', 'image-generated']),
    );
  });

  it('scores a voice as the training does, by every speech model under its own rules', async () => {
    const fixture = JSON.parse(
      await readFile(new URL('../fixtures/speech-figures.json', import.meta.url), 'utf8'),
    ) as { readonly wide: { readonly logit: number; readonly strangeness: number } };
    const outcome = await verify(paritySound());
    const { logit, strangeness } = fixture.wide;
    const { temperature, bias } = ear.calibration;
    const expected = 1 / (1 + Math.exp(-(logit / temperature + bias)));

    const byModel = new Map(outcome.findings.map((finding) => [finding.detector, finding]));
    expect(byModel.get('ear')).toMatchObject({
      code: 'audio.synthetic',
      severity: 'medium',
      evidence: [{ kind: 'spectrogram' }],
    });
    expect(byModel.get('ear')?.score).toBeCloseTo(expected, 3);
    expect(byModel.get('speech-synthetic')).toMatchObject({
      code: 'audio.not_scored',
      score: null,
      detail: expect.stringContaining(
        `${Math.round(strangeness * 100)} % of what was measured lies outside`,
      ) as string,
    });
    expect(outcome).toMatchObject({ verdict: 'suspect', models: [{ id: 'ear' }] });
    expect(outcome.score).toBe(byModel.get('ear')?.score);
  });

  it('gives the same answer for the same bytes', async () => {
    const picture = await makeCleanPicture(9);
    const [first, second] = [await verify(picture), await verify(picture)];
    expect({ ...second, timing: null }).toEqual({ ...first, timing: null });
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    [
      'unknown bytes',
      () => Promise.resolve(Buffer.from([0, 1, 2, 3, 250, 251, 252])),
      'media.unsupported_type',
    ],
    ['a pixel bomb', () => hugePng(30_000), 'media.too_many_pixels'],
    ['a picture that expands absurdly', () => hugePng(9000), 'media.expands_too_much'],
  ])('refuses %s with a code', async (_name, make, code) => {
    await expect(verify(await make())).rejects.toMatchObject({ name: 'MediaRefusedError', code });
  });

  it('judges a cut-off picture as damaged, never as clear', async () => {
    const picture = await makeCleanPicture();
    const outcome = await verify(picture.subarray(0, picture.length / 2));
    expect(outcome).toMatchObject({ verdict: 'not_evaluated', score: null });
    expect(outcome.findings.map(({ code }) => code)).toContain('image.damaged');
  });

  it('refuses what takes too long, twice, and goes on working', async () => {
    const hasty = await createPipeline({ processes: 1, limits: { examineMs: 1 } });
    const held = await receiveMedia(Readable.from([await makeCleanPicture()]), folder);
    await expect(hasty.verify(held, {}, new AbortController().signal)).rejects.toMatchObject({
      code: 'media.too_slow',
    });
    await hasty.close();
  });

  it('honours an abort', async () => {
    const held = await receiveMedia(Readable.from([await makeCleanPicture()]), folder);
    await expect(pipeline.verify(held, {}, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    );
  });

  it('does not start with an unusable trust list or model', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'mediaguard-empty-'));
    await expect(createPipeline({ trustAnchors: empty })).rejects.toThrow(
      /at least one PEM certificate/,
    );
    await expect(createPipeline({ models: { mine: empty } })).rejects.toThrow(
      /manifest.json cannot be read/,
    );
    await rm(empty, { recursive: true });
  });
});

/** A PNG whose header names `side` x `side` pixels and whose data stops right away. */
function hugePng(side: number): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.alloc(64));
  return Promise.resolve(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', data),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
