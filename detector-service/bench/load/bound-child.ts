/** What a picture costs at least: decoding and judging it, over and over, with nothing around it. Runs as a process of its own, one a core. */
import { createDetectors } from '../../src/detectors/suite.js';
import type { Subject } from '../../src/detectors/types.js';
import { shrink } from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { loadModels } from '../../src/verdict/pipeline.js';
import type { BoundAnswer, BoundRequest } from './bound.js';
import { decodeJpeg, JPEG, prepareNetworks, type Logits } from './networks.js';

type Work = (bytes: Buffer) => Promise<Logits>;

const NO_LOGITS: Logits = {};

/** Decode, scale, run every detector of the service with the evidence it draws. */
async function prepareDetectors(): Promise<Work> {
  const detectors = await createDetectors(await loadModels({}), {
    ffmpeg: null,
    readMarks: () => Promise.reject(new Error('A JPEG holds no other media.')),
    documentAnchors: { signers: [], timeStamps: [] },
  });
  return async (bytes) => {
    const pixels = await decodeJpeg(bytes);
    const subject: Subject = {
      path: '',
      sizeBytes: bytes.length,
      bytes,
      type: JPEG,
      claim: null,
      pixels,
      small: await shrink(pixels),
      isDamaged: false,
      pages: 1,
      container: null,
      limits: MEDIA_LIMITS,
    };
    for (const detector of detectors) {
      if (detector.mediaTypes.test(JPEG.mediaType)) await detector.run(subject);
    }
    return NO_LOGITS;
  };
}

/** The first runs compile code and do not count. */
const WARM_UP = 3;

async function answer({ work, bytes, seconds }: BoundRequest): Promise<BoundAnswer> {
  const run = await (work === 'networks' ? prepareNetworks() : prepareDetectors());
  const picture = Buffer.from(bytes);
  let logits = NO_LOGITS;
  for (let i = 0; i < WARM_UP; i += 1) logits = await run(picture);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let pictures = 0;
  while (performance.now() < startedAt + seconds * 1000) {
    await run(picture);
    pictures += 1;
  }
  const { user, system } = process.cpuUsage(before);
  const rate = pictures / ((performance.now() - startedAt) / 1000);
  return { pictures, rate, cpuMs: (user + system) / 1000, logits };
}

process.once('message', (request: BoundRequest) => {
  void answer(request).then((result) => process.send?.(result));
});
