import { speechActivity } from '../../../src/detectors/audio/speech-activity.js';
import { drawSpectrogram } from '../../../src/detectors/audio/spectrogram.js';
import { bandLimit } from '../../../src/intake/audio/band-limit.js';
import { SpectrumAnalyser } from '../../../src/intake/audio/spectrum.js';
import sharp from 'sharp';

import { makeNoise, makeTone, makeVowels } from '../../../../scripts/media/sound.js';

const RATE = 16_000;

describe('speech activity', () => {
  it('finds syllables', () => {
    const { share, levelDb } = speechActivity(makeVowels(6, RATE));
    expect(share).toBeGreaterThan(0.5);
    expect(levelDb).toBeGreaterThan(-40);
  });

  it.each([
    ['noise', makeNoise(4, RATE)],
    ['silence', new Float32Array(4 * RATE)],
    ['almost nothing', new Float32Array(10)],
  ])('finds none in %s', (_name, samples) => {
    expect(speechActivity(samples)).toMatchObject({ share: 0, seconds: 0, levelDb: null });
  });

  it('tells speech from the silence after it', () => {
    const samples = Float32Array.from([...makeVowels(3, RATE), ...makeNoise(3, RATE, 0.001)]);
    expect(speechActivity(samples).seconds).toBeLessThan(3.2);
  });
});

describe('the spectrum', () => {
  it('shows a tone where it is', () => {
    const analyser = new SpectrumAnalyser(512);
    const power = new Float32Array(analyser.bins);
    analyser.power(makeTone(1_000, 1, RATE, 1), 100, power);
    expect(power.indexOf(Math.max(...power))).toBe((1_000 * 512) / RATE);
    expect(Math.max(...power)).toBeCloseTo(0.25, 2);
  });

  it.each([3, 0, 100])('refuses frames of %d samples', (size) => {
    expect(() => new SpectrumAnalyser(size)).toThrow('power of two');
  });
});

describe('the band limit', () => {
  /** Tones 125 Hz apart, up to a frequency. */
  function tonesTo(hertz: number): Float32Array {
    const tones = Array.from({ length: hertz / 125 }, (_, i) =>
      makeTone(125 * (i + 1), 0.5, 48_000, 0.01),
    );
    return tones.reduce((sum, tone) => sum.map((sample, i) => sample + (tone[i] as number)));
  }

  it('is where a sound of a lower sample rate ends', () => {
    expect(bandLimit(makeNoise(1, 48_000), 48_000)).toBeNull();
    expect(bandLimit(tonesTo(7_500), 48_000)).toBeGreaterThanOrEqual(7_500);
    expect(bandLimit(tonesTo(7_500), 48_000)).toBeLessThan(8_100);
  });

  it('is not known of silence', () => {
    expect(bandLimit(new Float32Array(48_000), 48_000)).toBeNull();
  });
});

it('draws a spectrogram whose tone lies at its height', async () => {
  const { bytes, kind, mediaType } = await drawSpectrogram(makeTone(1_000, 2, RATE));
  expect({ kind, mediaType }).toEqual({ kind: 'spectrogram', mediaType: 'image/png' });
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const brightness = Array.from({ length: 256 }, (_, y) => {
    const at = ((6 + y) * info.width + 150) * info.channels;
    return (data[at] ?? 0) + (data[at + 1] ?? 0);
  });
  const row = brightness.indexOf(Math.max(...brightness));
  const mel = (1 - (row + 1) / 256) * 2595 * Math.log10(1 + 8_000 / 700);
  expect(Math.abs(700 * (10 ** (mel / 2595) - 1) - 1_000)).toBeLessThan(60);
});
