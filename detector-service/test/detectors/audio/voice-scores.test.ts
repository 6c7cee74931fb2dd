import { speechActivity } from '../../../src/detectors/audio/speech-activity.js';
import { scoreVoice, voiceScore } from '../../../src/detectors/audio/voice-scores.js';
import type { SamplesManifest } from '../../../src/inference/model-manifest.js';
import type { SpeechAnswer, SpeechModel } from '../../../src/inference/speech-model.js';
import type { DecodedSound } from '../../../src/intake/audio/collector.js';
import { makeNoise, makeTone, makeVowels } from '../../../../scripts/media/sound.js';
import { SPEECH_MANIFEST, speechModelOf } from '../../support/speech-model.js';

const RATE = 16_000;

function soundOf(samples: Float32Array, changes: Partial<DecodedSound> = {}): DecodedSound {
  return {
    samples,
    sampleRate: RATE,
    channels: 1,
    seconds: samples.length / RATE,
    isCut: false,
    errors: 0,
    clippedShare: 0,
    digitalSilenceShare: 0,
    bandLimit: null,
    ...changes,
  };
}

/** Tones that go on. */
function chord(seconds: number): Float32Array {
  const tones = [220, 277, 330].map((hertz) => makeTone(hertz, seconds, RATE, 0.2));
  return (tones[0] as Float32Array).map((_, i) =>
    tones.reduce((sum, tone) => sum + (tone[i] as number), 0),
  );
}

async function answerOf(model: SpeechModel, sound = soundOf(makeVowels(4, RATE))) {
  const [answer] = await scoreVoice(sound, speechActivity(sound.samples), [model]);
  return answer;
}

describe('the score of a voice', () => {
  it.each([
    [9, 'synthetic', 0.982],
    [1, 'uncertain', 0.5],
    [-5, 'clear', 0.0474],
  ])('makes of the logit %d "%s" by calibration and thresholds', async (logit, tendency, score) => {
    expect(await answerOf(speechModelOf([{ logit }]))).toMatchObject({
      kind: 'scored',
      model: { id: 'ear', version: '1.2.3' },
      tendency,
      score,
    });
  });

  it('is that of the mean over windows, and says where the highest was', async () => {
    const sound = soundOf(makeVowels(12, RATE));
    const answer = await answerOf(
      speechModelOf([{ logit: -3 }, { logit: 9 }, { logit: -3 }]),
      sound,
    );
    expect(answer).toMatchObject({ score: 0.5, tendency: 'uncertain' });
    expect(answer).toMatchObject({
      basis: expect.stringMatching(
        /0\.50 from 3 stretches of speech, highest with 0\.98 at [45] s$/,
      ) as string,
    });
  });

  it('counts, the highest of several, also where the model may not raise an alarm', async () => {
    const advisory = { thresholds: { suspect: 1, clear: 0 } };
    const sound = soundOf(makeVowels(4, RATE));
    const answers = await scoreVoice(sound, speechActivity(sound.samples), [
      speechModelOf([{ logit: 9 }], advisory),
      speechModelOf([{}]),
    ]);
    expect(answers).toEqual([
      expect.objectContaining({ score: 0.982, tendency: 'uncertain' }),
      expect.objectContaining({ score: 0.3775 }),
    ]);
    expect(voiceScore(answers)).toBe(0.982);
    expect(voiceScore([])).toBeNull();
  });

  it.each<[string, DecodedSound, RegExp]>([
    ['no speech', soundOf(makeNoise(4, RATE)), /Nothing in it sounds like speech/],
    ['one second', soundOf(makeVowels(1, RATE)), /It holds [01]\.\d s of speech; below 2 s/],
    [
      'scattered words',
      soundOf(
        Float32Array.from(
          Array.from({ length: 4 }, () => [
            ...makeVowels(1, RATE),
            ...new Float32Array(5 * RATE),
          ]).flat(),
        ),
      ),
      /No 4 s of it hold 2 s of speech/,
    ],
    ['a held chord', soundOf(chord(5)), /falls quiet for only \d %/],
    ['clipping', soundOf(makeVowels(4, RATE), { clippedShare: 0.03 }), /3\.0 % of it is cut off/],
    ['a narrow band', soundOf(makeVowels(4, RATE), { bandLimit: 2_500 }), /above 2500 Hz/],
    ['a low sample rate', soundOf(makeVowels(4, RATE), { sampleRate: 5_000 }), /above 2500 Hz/],
  ])('is not given for %s, with the reason', async (_name, sound, reason) => {
    const shown: Float32Array[] = [];
    expect(await answerOf(speechModelOf([{ logit: 9 }], {}, shown), sound)).toEqual({
      kind: 'abstained',
      model: { id: 'ear', version: '1.2.3' },
      reason: expect.stringMatching(reason) as string,
    });
    expect(shown).toEqual([]);
  });

  it.each<[string, Partial<SpeechAnswer>, RegExp]>([
    ['is unlike all training', { strangeness: 0.4 }, /40 % of what was measured lies outside/],
    ['gets no number', { logit: Number.NaN }, /no number/],
  ])('is not given for a sound that %s', async (_name, answer, reason) => {
    expect(await answerOf(speechModelOf([answer]))).toMatchObject({
      kind: 'abstained',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('is asked with exactly the samples that the manifest says', async () => {
    const sound = soundOf(makeVowels(3, RATE));
    const shownOf = async (input: Partial<SamplesManifest['input']>): Promise<Float32Array> => {
      const shown: Float32Array[] = [];
      await answerOf(
        speechModelOf([{}], { input: { ...SPEECH_MANIFEST.input, ...input } }, shown),
        sound,
      );
      return shown[0] ?? new Float32Array();
    };
    const zeros = await shownOf({});
    const repeated = await shownOf({ padding: 'repeat', level: 0.1 });
    expect([zeros.length, repeated.length]).toEqual([4 * RATE, 4 * RATE]);
    expect(zeros.subarray(3.1 * RATE).every((sample) => sample === 0)).toBe(true);
    expect(repeated.subarray(3.1 * RATE).some((sample) => sample !== 0)).toBe(true);
  });
});
