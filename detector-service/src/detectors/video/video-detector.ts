import type { SpeechModel } from '../../inference/speech-model.js';
import { readLayout } from '../../intake/container/layout.js';
import type { Ffmpeg } from '../../intake/ffmpeg.js';
import type { Fingerprint } from '../../intake/fingerprints/fingerprint.js';
import { encodeVideoFingerprint } from '../../intake/fingerprints/video.js';
import { fitWithin, greySquare } from '../../intake/image.js';
import { HASH_SQUARE, perceptualHash } from '../../intake/perceptual-hash.js';
import { sampleFrames, type VideoFrame } from '../../intake/video-frames.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import { NO_SPEECH_MODEL } from '../audio/audio-detector.js';
import { encoderOf, listen, type HeardSound, type Hearing } from '../audio/listen.js';
import { alarmScore, MEANINGS, scoreVoice, type VoiceAnswer } from '../audio/voice-scores.js';
import { contradictions } from '../container-findings.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { judgeFrames, MIN_FRAMES, summarise, type JudgedFrames } from './frame-scores.js';
import { clock, drawFrameStrip } from './frame-strip.js';

const SELF = { id: 'video', version: '1.1.0' };

/** Time for the models, besides that for ffmpeg. */
const JUDGING_MS = 6_000;

/**
 * Videos: frames through the detectors of pictures, the voice through the models of speech, the container compared with its content.
 *
 * @param pictureDetectors what judges single pictures
 * @param speechModels what scores voices
 * @param ffmpeg null where it is not there: frames are then not judged, and a finding says so
 */
export function createVideoDetector(
  pictureDetectors: readonly Detector[],
  speechModels: readonly SpeechModel[],
  ffmpeg: Ffmpeg | null,
): Detector {
  return {
    ...SELF,
    mediaTypes: /^video\//,
    async run(subject) {
      const hearing = await listen(subject, ffmpeg);
      const answers =
        hearing.kind === 'heard'
          ? await scoreVoice(hearing.heard.sound, hearing.heard.activity, speechModels)
          : [];
      const seen = await look(pictureDetectors, subject, ffmpeg);
      return {
        ...seen,
        score: alarmScore(answers),
        models: [
          ...seen.models,
          ...answers.flatMap(({ kind, model }) => (kind === 'scored' ? [model] : [])),
        ],
        findings: [
          ...seen.findings,
          ...soundFindings(hearing, answers),
          ...(await containerFindings(subject, hearing)),
        ],
        evidence: [
          ...seen.evidence,
          ...(hearing.kind === 'heard' ? [hearing.heard.spectrogram] : []),
        ],
        fingerprints: [
          ...(seen.fingerprints ?? []),
          ...(hearing.kind === 'heard' && hearing.heard.fingerprint
            ? [hearing.heard.fingerprint]
            : []),
        ],
      };
    },
  };
}

async function look(
  pictureDetectors: readonly Detector[],
  subject: Subject,
  ffmpeg: Ffmpeg | null,
): Promise<Detection> {
  const notDecoded = (reason: string): Detection => ({
    ...NOTHING_FOUND,
    findings: [
      makeFinding(
        SELF,
        'video.not_decoded',
        `${reason} Checked were its type, hashes, container, Content Credentials and metadata.`,
      ),
    ],
  });
  const { path, type, container, limits } = subject;
  if (container && !container.tracks.some(({ kind }) => kind === 'video')) {
    return notDecoded('The file holds no picture track.');
  }
  if (!ffmpeg) {
    return notDecoded(
      'Frames need ffmpeg, which this service does not have; install ffmpeg or name it by MEDIAGUARD_FFMPEG.',
    );
  }
  const answer = await sampleFrames({ path, mediaType: type.mediaType, container }, limits, ffmpeg);
  if (answer.kind === 'unreadable') return notDecoded('ffmpeg got no frame out of it.');
  return judgeSampled(pictureDetectors, subject, answer.frames);
}

/** Judges frames that were already decoded: also those of moving GIF and WebP pictures. */
export async function judgeSampled(
  pictureDetectors: readonly Detector[],
  subject: Subject,
  frames: readonly VideoFrame[],
): Promise<Detection> {
  const judged = await judgeFrames(pictureDetectors, subject, frames, JUDGING_MS);
  const strip = await drawFrameStrip(frames, highestScores(judged));
  return {
    findings: frameFindings(frames, judged, strip),
    score: null,
    evidence: [strip],
    models: judged.versions,
    fingerprints: [await fingerprintOf(frames)],
  };
}

function frameFindings(
  frames: readonly VideoFrame[],
  judged: JudgedFrames,
  strip: EvidenceFile,
): Finding[] {
  const span = `${frames.length} ${frames.length === 1 ? 'frame' : 'frames'} between ${clock(frames[0]?.seconds ?? 0)} and ${clock(frames.at(-1)?.seconds ?? 0)}`;
  const evidence = [strip];
  const findings = judged.models.flatMap(({ model, scores }): Finding[] => {
    const summary = summarise(scores);
    if (!summary) return [];
    const { median, lowest, highest, flicker, isAlarm } = summary;
    const detail =
      `${model} scored ${scores.length} of ${span} as whole pictures: median ${median.toFixed(2)}, from ${lowest.toFixed(2)} to ${highest.toFixed(2)}, ` +
      `mean step between neighbours ${flicker.toFixed(2)}. ` +
      (isAlarm
        ? 'More than half of them reach the threshold at which a picture is suspect; a person should look.'
        : 'The model was measured on pictures, not on video, so this clears nothing; faces, movement and lip synchrony were not judged.');
    return [
      makeFinding(SELF, isAlarm ? 'video.generated' : 'video.frames_scored', detail, {
        score: Math.round(median * 10_000) / 10_000,
        evidence,
      }),
    ];
  });
  if (findings.length > 0) return findings;
  return [
    makeFinding(
      SELF,
      'video.not_decoded',
      `${span} were decoded, but fewer than ${MIN_FRAMES} of them could be scored (too small, mostly flat, or no model).`,
      { evidence },
    ),
  ];
}

function soundFindings(hearing: Hearing, answers: readonly VoiceAnswer[]): Finding[] {
  if (hearing.kind === 'unheard') {
    return hearing.reason === null
      ? []
      : [makeFinding(SELF, 'video.audio_not_scored', hearing.reason)];
  }
  const { heard } = hearing;
  return [
    makeFinding(SELF, 'audio.measured', heard.description, { evidence: [heard.spectrogram] }),
    ...(answers.length === 0
      ? [makeFinding(SELF, 'video.audio_not_scored', NO_SPEECH_MODEL)]
      : answers.map((answer) => voiceFinding(answer, heard))),
  ];
}

function voiceFinding(answer: VoiceAnswer, { spectrogram }: HeardSound): Finding {
  if (answer.kind === 'abstained') {
    return makeFinding(answer.model, 'video.audio_not_scored', answer.reason);
  }
  const { model, score, tendency, basis } = answer;
  const more = { score, evidence: [spectrogram] };
  if (tendency === 'synthetic') {
    const detail = `${basis}: ${MEANINGS.synthetic}`;
    return makeFinding(model, 'video.voice_synthetic', detail, more);
  }
  // A voice says nothing about the pictures beside it, so it never clears a video.
  const detail = `${basis}. Whether the pictures fit the voice was not judged, so this clears nothing.`;
  return makeFinding(model, 'video.voice_scored', detail, more);
}

async function containerFindings(
  { path, sizeBytes, type, container }: Subject,
  hearing: Hearing,
): Promise<Finding[]> {
  const layout = await readLayout(path, sizeBytes, type.mediaType);
  const whole = hearing.kind === 'heard' && !hearing.heard.sound.isCut ? hearing.heard.sound : null;
  const found = contradictions(container, layout, whole?.seconds ?? null, new Date());
  if (found.length === 0) return [];
  const encoder = container && encoderOf(container.tags);
  const writer = encoder ? ` It was written by ${encoder}.` : '';
  return [
    makeFinding(
      SELF,
      'video.container_inconsistent',
      `The file contradicts itself: ${found.join('; ')}.${writer}`,
    ),
  ];
}

function highestScores({ models }: JudgedFrames): Map<number, number> {
  const highest = new Map<number, number>();
  for (const { frame, score } of models.flatMap(({ scores }) => scores)) {
    highest.set(frame, Math.max(score, highest.get(frame) ?? 0));
  }
  return highest;
}

/** Side to which frames are shrunk before they are hashed: the hash sees 32 pixels, and shrinking in two steps is faster. */
const HASHED_SIDE = 320;

async function fingerprintOf(frames: readonly VideoFrame[]): Promise<Fingerprint> {
  const hashes = [];
  for (const { seconds, pixels } of frames) {
    const small = await fitWithin(pixels, HASHED_SIDE);
    hashes.push({ seconds, hash: perceptualHash(await greySquare(small, HASH_SQUARE)) });
  }
  return { kind: 'video', value: encodeVideoFingerprint(hashes) };
}
