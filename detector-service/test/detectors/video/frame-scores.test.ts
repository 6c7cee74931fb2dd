import { judgeFrames, wholeFrames } from '../../../src/detectors/video/frame-scores.js';
import { NOTHING_FOUND, type Detector, type Subject } from '../../../src/detectors/types.js';
import { MEDIA_LIMITS } from '../../../src/intake/limits.js';
import { makeFinding } from '../../../src/verdict/finding-codes.js';

it('judges frames one by one and keeps their order', async () => {
  const subject: Subject = {
    path: 'a.mp4',
    sizeBytes: 1,
    bytes: null,
    type: { mediaType: 'video/mp4', family: 'video', active: null, polyglot: null },
    claim: null,
    pixels: null,
    small: null,
    isDamaged: false,
    pages: 1,
    container: null,
    limits: MEDIA_LIMITS,
  };
  const frames = [10, 20, 30, 40].map((level, i) => ({
    seconds: i,
    pixels: { data: Buffer.alloc(16 * 16 * 3, level), width: 16, height: 16 },
  }));
  const detector: Detector = {
    id: 'levels',
    version: '2.0.0',
    mediaTypes: /^image\//,
    run({ pixels }) {
      const score = (pixels?.data[0] ?? 0) / 100;
      const finding = makeFinding(detector, score > 0.25 ? 'image.generated' : 'image.clear', 'x', {
        score,
      });
      return Promise.resolve({
        ...NOTHING_FOUND,
        score,
        findings: [finding],
        models: [{ id: 'levels', version: '2.0.0' }],
      });
    },
  };
  await expect(judgeFrames([detector], subject, wholeFrames(frames), Infinity)).resolves.toEqual({
    judged: 4,
    models: [
      {
        model: 'levels',
        scores: [
          { frame: 0, score: 0.1, accuses: false },
          { frame: 1, score: 0.2, accuses: false },
          { frame: 2, score: 0.3, accuses: true },
          { frame: 3, score: 0.4, accuses: true },
        ],
      },
    ],
    versions: [{ id: 'levels', version: '2.0.0' }],
  });
  const hasty = await judgeFrames([detector], subject, wholeFrames(frames), 0);
  expect(hasty.judged).toBe(1);
});
