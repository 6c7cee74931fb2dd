import {
  judgeFrames,
  summarise,
  type FrameScore,
} from '../../../src/detectors/video/frame-scores.js';
import { NOTHING_FOUND, type Detector, type Subject } from '../../../src/detectors/types.js';
import { MEDIA_LIMITS } from '../../../src/intake/limits.js';
import { makeFinding } from '../../../src/verdict/finding-codes.js';

function scored(scores: readonly number[], threshold = 0.9): FrameScore[] {
  return scores.map((score, frame) => ({ frame, score, accuses: score >= threshold }));
}

describe('the summary of frame scores', () => {
  it('lets no single frame decide', () => {
    expect(summarise(scored([0.99, 0.1, 0.1, 0.1]))).toMatchObject({ median: 0.1, isAlarm: false });
    expect(summarise(scored([0.99, 0.99]))).toBeNull();
  });

  it('alarms where more than half of the frames accuse', () => {
    expect(summarise(scored([0.95, 0.92, 0.2]))).toMatchObject({ median: 0.92, isAlarm: true });
    expect(summarise(scored([0.95, 0.92, 0.2, 0.1]))).toMatchObject({ isAlarm: false });
  });

  it('reports how much the scores flicker', () => {
    expect(summarise(scored([0.2, 0.8, 0.2, 0.8]))?.flicker).toBeCloseTo(0.6);
    expect(summarise(scored([0.2, 0.2, 0.8, 0.8]))?.flicker).toBeCloseTo(0.2);
  });
});

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
  await expect(judgeFrames([detector], subject, frames, 60_000)).resolves.toEqual({
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
  const hasty = await judgeFrames([detector], subject, frames, 0);
  expect(hasty.judged).toBeGreaterThanOrEqual(1);
  expect(hasty.judged).toBeLessThanOrEqual(4);
});
