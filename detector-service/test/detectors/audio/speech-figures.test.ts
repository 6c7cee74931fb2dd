import { readFile } from 'node:fs/promises';

import {
  FIGURE_COUNT,
  FIGURES_LEVEL,
  speechFigures,
} from '../../../src/detectors/audio/figures/speech-figures.js';
import { levelled } from '../../../src/detectors/audio/loudness.js';
import { speechActivity } from '../../../src/detectors/audio/speech-activity.js';
import { speechWindows } from '../../../src/detectors/audio/speech-windows.js';
import { readPcm } from '../../../src/intake/audio/pcm.js';
import { makeNoise, makeVowels, paritySound } from '../../../../scripts/media/sound.js';

/** Relative difference allowed between this computation and that of numpy and scipy; both work in 64 bits and round to 32. */
const TOLERANCE = 1e-5;
const WAV_HEADER = 44;
const RATE = 16_000;

describe('the figures of speech', () => {
  it('are those that the training computes', async () => {
    const fixture = JSON.parse(
      await readFile(new URL('../../fixtures/speech-figures.json', import.meta.url), 'utf8'),
    ) as { readonly figures: readonly number[] };
    const [samples = new Float32Array()] = readPcm(
      paritySound().subarray(WAV_HEADER),
      'pcm-s16',
      1,
    );
    const [window] = speechWindows(samples, speechActivity(samples), {
      seconds: 4,
      most: 1,
      minSpeechSeconds: 2,
    });
    const figures = speechFigures(levelled(window?.samples ?? samples, FIGURES_LEVEL), true);

    expect(figures).toHaveLength(FIGURE_COUNT);
    const apart = fixture.figures
      .map((expected, index) => ({ index, expected, received: figures[index] as number }))
      .filter(
        ({ expected, received }) =>
          !(Math.abs(received - expected) <= TOLERANCE * Math.max(0.01, Math.abs(expected))),
      );
    expect(apart).toEqual([]);
  });

  it.each([
    ['silence', new Float32Array(2 * RATE)],
    ['less than a frame', makeNoise(0.01, RATE)],
    ['nothing', new Float32Array(0)],
    ['full scale', new Float32Array(2 * RATE).fill(1)],
  ])('of %s are numbers', (_name, samples) => {
    const figures = speechFigures(levelled(samples, FIGURES_LEVEL), true);
    expect(figures).toHaveLength(FIGURE_COUNT);
    expect(figures.every(Number.isFinite)).toBe(true);
  });

  it('of a telephone are the first half, and nothing stands for the rest', () => {
    const samples = makeVowels(2, RATE);
    const half = FIGURE_COUNT / 2;
    const narrow = speechFigures(samples, false);
    expect(narrow.subarray(0, half)).toEqual(speechFigures(samples, true).subarray(0, half));
    expect(narrow.subarray(half).every(Number.isNaN)).toBe(true);
  });

  it('do not depend on loudness', () => {
    const loud = makeVowels(3, RATE);
    const soft = loud.map((sample) => sample / 20);
    const [ofLoud, ofSoft] = [loud, soft].map((samples) =>
      speechFigures(levelled(samples, FIGURES_LEVEL), true),
    );
    ofLoud?.forEach((figure, i) => {
      expect(ofSoft?.[i]).toBeCloseTo(figure, 2);
    });
  });
});
