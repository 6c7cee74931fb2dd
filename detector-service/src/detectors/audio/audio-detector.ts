import type { SpeechModel } from '../../inference/speech-model.js';
import { readLayout } from '../../intake/container/layout.js';
import type { Ffmpeg } from '../../intake/ffmpeg.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import { contradictions } from '../container-findings.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { listen, type HeardSound } from './listen.js';
import { MEANINGS, scoreVoice, voiceScore, type VoiceAnswer } from './voice-scores.js';

const SELF = { id: 'audio', version: '1.1.0' };

/** Why no score is given where no model is there to give one. */
export const NO_SPEECH_MODEL =
  'This service has no model that tells synthetic voices from real ones, so the voice was not scored.';
const CHECKED = 'Checked were its type, hashes, container, Content Credentials and metadata.';

/**
 * Sound files: decoded, measured and drawn, their voice scored, their container compared with its content.
 *
 * @param ffmpeg null where it is not there
 * @param models what scores voices
 */
export function createAudioDetector(
  ffmpeg: Ffmpeg | null,
  models: readonly SpeechModel[],
): Detector {
  return {
    ...SELF,
    mediaTypes: /^(?:audio\/|application\/ogg$)/,
    async run(subject) {
      const hearing = await listen(subject, ffmpeg);
      if (hearing.kind === 'heard') return ofSound(subject, hearing.heard, models);
      const reason = hearing.reason ?? 'The file holds no sound.';
      return {
        ...NOTHING_FOUND,
        findings: [
          makeFinding(SELF, 'audio.not_decoded', `${reason} ${CHECKED}`),
          ...(await containerFindings(subject, null)),
        ],
      };
    },
  };
}

async function ofSound(
  subject: Subject,
  heard: HeardSound,
  models: readonly SpeechModel[],
): Promise<Detection> {
  const { sound, activity, spectrogram, fingerprint } = heard;
  const evidence = [spectrogram];
  const answers = await scoreVoice(sound, activity, models);
  const findings = [
    makeFinding(SELF, 'audio.measured', heard.description, { evidence }),
    ...(models.length === 0
      ? [makeFinding(SELF, 'audio.not_scored', `${NO_SPEECH_MODEL} ${CHECKED}`)]
      : answers.map((answer) => voiceFinding(answer, spectrogram))),
    ...(await containerFindings(subject, sound.isCut ? null : sound.seconds)),
  ];
  if (sound.errors > 0) {
    findings.push(
      makeFinding(
        SELF,
        'audio.damaged',
        'The decoder could not make sense of parts of it; other players may play something else there.',
      ),
    );
  }
  return {
    findings,
    score: voiceScore(answers),
    evidence,
    models: answers.flatMap(({ kind, model }) => (kind === 'scored' ? [model] : [])),
    fingerprints: fingerprint ? [fingerprint] : [],
  };
}

function voiceFinding(answer: VoiceAnswer, spectrogram: EvidenceFile): Finding {
  if (answer.kind === 'abstained') {
    return makeFinding(answer.model, 'audio.not_scored', `${answer.reason} ${CHECKED}`);
  }
  const { model, score, tendency, basis } = answer;
  return makeFinding(model, `audio.${tendency}`, `${basis}: ${MEANINGS[tendency]}`, {
    score,
    evidence: [spectrogram],
  });
}

async function containerFindings(
  { path, sizeBytes, type, container }: Subject,
  measuredSeconds: number | null,
): Promise<Finding[]> {
  const layout = await readLayout(path, sizeBytes, type.mediaType);
  const found = contradictions(container, layout, measuredSeconds, new Date());
  if (found.length === 0) return [];
  return [
    makeFinding(
      SELF,
      'audio.container_inconsistent',
      `The file contradicts itself: ${found.join('; ')}.`,
    ),
  ];
}
