import { loudRange, levelled, trimmed } from '../../../src/detectors/audio/loudness.js';
import { speechActivity } from '../../../src/detectors/audio/speech-activity.js';
import { speechWindows } from '../../../src/detectors/audio/speech-windows.js';
import { makeNoise, makeTone, makeVowels } from '../../../../scripts/media/sound.js';

const RATE = 16_000;
const RULE = { seconds: 4, most: 12, minSpeechSeconds: 2 };

function joined(...parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

function windowsOf(samples: Float32Array, rule = RULE) {
  return speechWindows(samples, speechActivity(samples), rule);
}

const hush = (seconds: number): Float32Array => makeNoise(seconds, RATE, 0.0005);

describe('windows of speech', () => {
  it('cover a short sound with one, without the silence around it', () => {
    const windows = windowsOf(joined(hush(1), makeVowels(3, RATE), hush(1)));
    expect(windows).toHaveLength(1);
    expect(windows[0]?.seconds).toBeCloseTo(1, 0);
    expect((windows[0]?.samples.length ?? 0) / RATE).toBeLessThan(3.2);
  });

  it('lie where the speech is, in the order of time, and do not overlap', () => {
    const windows = windowsOf(
      joined(makeVowels(5, RATE), hush(8), makeVowels(5, RATE, 2), hush(3)),
    );
    const starts = windows.map(({ seconds }) => seconds);
    expect(windows.length).toBeGreaterThanOrEqual(2);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.every((start, i) => i === 0 || start - (starts[i - 1] ?? 0) >= 4)).toBe(true);
    expect(starts.some((start) => start > 6 && start < 11)).toBe(false);
  });

  it('are no more than asked for, those with the most speech', () => {
    const samples = joined(makeVowels(2.2, RATE), hush(6), makeVowels(4, RATE, 2));
    const windows = windowsOf(samples, { ...RULE, most: 1 });
    expect(windows).toHaveLength(1);
    expect(windows[0]?.seconds).toBeGreaterThan(6);
  });

  it.each([
    ['silence', new Float32Array(5 * RATE)],
    ['noise', makeNoise(5, RATE)],
    ['a word', joined(hush(2), makeVowels(0.7, RATE), hush(2))],
    ['nothing', new Float32Array(0)],
  ])('are not made of %s', (_name, samples) => {
    expect(windowsOf(samples)).toEqual([]);
  });
});

describe('loudness', () => {
  it('is brought to a level, which silence between words does not lower', () => {
    const tone = makeTone(500, 1, RATE, 0.3);
    const root = (samples: Float32Array): number =>
      Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
    const both = levelled(joined(tone, new Float32Array(RATE)), 0.05);
    expect(root(both.subarray(0, RATE))).toBeCloseTo(0.05, 3);
  });

  it('leaves silence as it is', () => {
    const silence = new Float32Array(RATE);
    expect(levelled(silence, 0.05)).toEqual(silence);
    expect(trimmed(silence)).toHaveLength(0);
    expect(loudRange(silence)).toEqual({ from: 0, to: 0 });
  });
});
