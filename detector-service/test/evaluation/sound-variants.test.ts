import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeSoundVariant } from '../../src/evaluation/variants/sound-variants.js';
import type { VariantSource } from '../../src/evaluation/variants/source.js';
import { decodeSound } from '../../src/intake/audio/decode.js';
import { openMediaFile } from '../../src/intake/container/media-file.js';
import { findFfmpeg, type Ffmpeg } from '../../src/intake/ffmpeg.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { itWithFfmpeg } from '../support/optional-programs.js';
import { makeTone, writeWav } from '../../../scripts/media/sound.js';

const RATE = 16_000;

let folder: string;
let ffmpeg: Ffmpeg | null;
beforeAll(async () => {
  ffmpeg = await findFfmpeg('ffmpeg');
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-sound-variants-'));
});
afterAll(() => rm(folder, { recursive: true }));

const wavAt = async (path: string): Promise<VariantSource> => ({
  path,
  sizeBytes: (await stat(path)).size,
  mediaType: 'audio/wav',
});

/** Strength of a tone of that many hertz, by correlation. */
function strengthAt(samples: Float32Array, hertz: number): number {
  let [cosine, sine] = [0, 0];
  samples.forEach((sample, i) => {
    const angle = (2 * Math.PI * hertz * i) / RATE;
    cosine += sample * Math.cos(angle);
    sine += sample * Math.sin(angle);
  });
  return (2 * Math.hypot(cosine, sine)) / samples.length;
}

describe('variants of sound', () => {
  itWithFfmpeg.each([
    ['mp3', 'audio/mpeg', { codec: 'mp3', sampleRate: RATE }, [100, 1_000, 6_000]],
    ['telephone', 'audio/wav', { codec: 'ulaw', sampleRate: 8_000 }, [1_000]],
    ['voice-message', 'audio/ogg', { codec: 'opus' }, [1_000]],
  ] as const)(
    '%s are decoded by the service and keep the tones that the channel lets through',
    async (variant, mediaType, track, kept) => {
      const path = join(folder, `${variant}.wav`);
      const tones = [100, 1_000, 6_000].map((hertz) => makeTone(hertz, 2, RATE, 0.2));
      const sound = (tones[0] as Float32Array).map((_, i) =>
        tones.reduce((sum, tone) => sum + (tone[i] as number), 0),
      );
      await writeFile(path, writeWav(sound, RATE));
      const made = await makeSoundVariant(await wavAt(path), variant, ffmpeg);
      const bytes = 'bytes' in made ? made.bytes : Buffer.alloc(0);
      const madePath = join(folder, variant);
      await writeFile(madePath, bytes);

      const file = await openMediaFile(madePath, bytes.length);
      const answer = await decodeSound(
        { path: madePath, mediaType, bytes, file },
        MEDIA_LIMITS,
        null,
      );
      file?.close();
      expect(file?.facts.tracks).toEqual([expect.objectContaining(track)]);
      const samples = answer.kind === 'decoded' ? answer.sound.samples : new Float32Array();
      expect(samples.length / RATE).toBeCloseTo(2, 0);
      for (const hertz of kept) expect(strengthAt(samples, hertz)).toBeGreaterThan(0.1);
      if (variant === 'telephone') {
        for (const hertz of [100, 6_000]) expect(strengthAt(samples, hertz)).toBeLessThan(0.05);
      }
    },
  );

  itWithFfmpeg('are refused with the reason where there is no sound', async () => {
    const path = join(folder, 'text');
    await writeFile(path, 'no sound at all');
    expect(await makeSoundVariant(await wavAt(path), 'mp3', ffmpeg)).toEqual({
      reason: 'ffmpeg cannot convert this sound',
    });
  });

  it('are not made without ffmpeg, nor of a type that ffmpeg is not given', async () => {
    const source = { path: join(folder, 'none'), sizeBytes: 1, mediaType: 'audio/wav' };
    expect(await makeSoundVariant(source, 'mp3', null)).toEqual({
      reason: 'ffmpeg is not installed',
    });
    const playlist = { ...source, mediaType: 'audio/x-mpegurl' };
    expect(await makeSoundVariant(playlist, 'mp3', { path: 'ffmpeg', version: 'ffmpeg' })).toEqual({
      reason: 'audio/x-mpegurl is not given to ffmpeg',
    });
  });
});
