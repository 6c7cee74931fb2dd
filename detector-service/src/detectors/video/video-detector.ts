import type { FaceModel } from '../../inference/face-model.js';
import type { SpeechModel } from '../../inference/speech-model.js';
import { readLayout } from '../../intake/container/layout.js';
import type { Ffmpeg } from '../../intake/ffmpeg.js';
import type { Fingerprint } from '../../intake/fingerprints/fingerprint.js';
import { encodeVideoFingerprint } from '../../intake/fingerprints/video.js';
import { fitWithin, greySquare } from '../../intake/image.js';
import { HASH_SQUARE, perceptualHash } from '../../intake/perceptual-hash.js';
import { sampleFrames, type VideoFrame } from '../../intake/video-frames.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import { NO_SPEECH_MODEL } from '../audio/audio-detector.js';
import { encoderOf, listen, type HeardSound, type Hearing } from '../audio/listen.js';
import { MEANINGS, scoreVoice, voiceScore, type VoiceAnswer } from '../audio/voice-scores.js';
import { contradictions } from '../container-findings.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { faceFindings } from './face-findings.js';
import { judgeFaces } from './face-scores.js';
import { frameFindings } from './frame-findings.js';
import { judgeFrames, wholeFrames } from './frame-scores.js';
import { drawFrameStrip, stripMarks } from './frame-strip.js';

const SELF = { id: 'video', version: '1.2.0' };
/** Apart, so that an evaluation measures scores of faces and of whole frames each for itself. */
const FACES = { id: 'video-faces', version: '1.0.0' };

/** Time for the models of pictures, besides that for ffmpeg. Faces come first; what they leave, and half of it in any case, is for whole frames. */
const JUDGING_MS = 6_000;

/** What judges the frames of a video. */
export interface FrameJudges {
  /** What judges single pictures. */
  readonly pictures: readonly Detector[];
  /** Null where there is none: faces are then not looked for. */
  readonly faces: FaceModel | null;
}

/**
 * Videos: frames through the detectors of pictures, the voice through the models of speech, the container compared with its content.
 *
 * @param speechModels what scores voices
 * @param ffmpeg null where it is not there: frames are then not judged, and a finding says so
 */
export function createVideoDetector(
  judges: FrameJudges,
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
      const seen = await look(judges, subject, ffmpeg);
      return {
        ...seen,
        score: voiceScore(answers),
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
  judges: FrameJudges,
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
  return judgeSampled(judges, subject, answer.frames);
}

/** Judges frames that were already decoded: also those of moving GIF and WebP pictures. */
export async function judgeSampled(
  { pictures, faces }: FrameJudges,
  subject: Subject,
  frames: readonly VideoFrame[],
): Promise<Detection> {
  const started = performance.now();
  const inFaces =
    faces && (await judgeFaces(faces, pictures, subject, frames, started + JUDGING_MS / 2));
  const whole = await judgeFrames(pictures, subject, wholeFrames(frames), started + JUDGING_MS);
  const strip = await drawFrameStrip(frames, stripMarks(whole, inFaces));
  const versions = [...(inFaces?.versions ?? []), ...whole.versions];
  return {
    findings: [
      ...(inFaces ? faceFindings(FACES, inFaces, frames, [strip]) : []),
      ...frameFindings(SELF, whole, frames, [strip], inFaces !== null),
    ],
    score: null,
    evidence: [strip],
    models: [...new Map(versions.map((model) => [model.id, model])).values()],
    fingerprints: [await fingerprintOf(frames)],
  };
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
