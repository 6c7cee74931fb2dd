import fc from 'fast-check';

import { resample } from '../../../src/intake/audio/resample.js';
import {
  audioFingerprint,
  compareAudio,
  decodeAudioFingerprint,
  encodeAudioFingerprint,
  isSameAudio,
} from '../../../src/intake/fingerprints/audio.js';
import { makeNoise, makeVowels } from '../../../../scripts/media/sound.js';

const RATE = 16_000;
const voice = makeVowels(8, RATE);
const words = audioFingerprint(voice);

function changed(change: (sample: number, at: number) => number): Float32Array {
  return voice.map(change);
}

describe('the audio fingerprint', () => {
  const hiss = makeNoise(8, RATE, 0.003, 9);
  it.each<[string, Float32Array]>([
    ['the same sound', voice],
    ['a quieter copy', changed((sample) => sample * 0.1)],
    ['a copy with a little noise', changed((sample, i) => sample + (hiss[i] as number))],
    ['a copy that went through 8 kHz', resample(resample(voice, RATE, 8_000), 8_000, RATE)],
    ['a copy that begins a little later', voice.slice(Math.round(1.37 * RATE))],
    [
      'a copy in the middle of other sound',
      Float32Array.from([...makeNoise(3, RATE, 0.1), ...voice]),
    ],
    ['a coarser copy', changed((sample) => Math.round(sample * 511) / 511)],
  ])('recognises %s', (_name, copy) => {
    expect(isSameAudio(words, audioFingerprint(copy))).toBe(true);
    expect(isSameAudio(audioFingerprint(copy), words)).toBe(true);
  });

  it('tells other recordings apart', () => {
    for (const seed of [2, 3, 4, 5]) {
      const other = audioFingerprint(makeVowels(8, RATE, seed));
      expect(compareAudio(words, other)?.distance).toBeGreaterThan(0.36);
      expect(isSameAudio(words, other)).toBe(false);
    }
  });

  it('finds where a copy begins', () => {
    const match = compareAudio(words, audioFingerprint(voice.slice(2 * RATE)));
    expect(match?.offsetSeconds).toBeCloseTo(2, 0);
  });

  it('compares nothing that is too short to be told apart', () => {
    const short = audioFingerprint(voice.slice(0, 2 * RATE));
    expect(compareAudio(short, words)).toBeNull();
    expect(isSameAudio(short, short)).toBe(false);
    expect(audioFingerprint(new Float32Array(10))).toHaveLength(0);
  });

  it('survives its text form', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff)), (values) => {
        const original = Uint32Array.from(values);
        expect(decodeAudioFingerprint(encodeAudioFingerprint(original))).toEqual(original);
      }),
    );
  });

  it.each(['', 'a1', 'v1.AAAA', 'a1.AAA', 'a1.????', 'a1.AAAAAAA'])(
    'refuses the text %j',
    (text) => {
      expect(() => decodeAudioFingerprint(text)).toThrow('Expected an audio fingerprint');
    },
  );
});
