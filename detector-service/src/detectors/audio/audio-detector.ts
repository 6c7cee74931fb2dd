import { readLayout } from '../../intake/container/layout.js';
import type { Ffmpeg } from '../../intake/ffmpeg.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import { contradictions } from '../container-findings.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { listen, type HeardSound } from './listen.js';

const SELF = { id: 'audio', version: '1.0.0' };

/** Why no score is given. */
export const NO_VOICE_SCORE =
  'No model of this service tells synthetic voices from real ones, so the voice was not scored';

/**
 * Sound files: decoded, measured and drawn, their container compared with its content. Facts only: no speech model reaches the accuracy that a verdict needs,
 * and the detector says so.
 */
export function createAudioDetector(ffmpeg: Ffmpeg | null): Detector {
  return {
    ...SELF,
    mediaTypes: /^(?:audio\/|application\/ogg$)/,
    async run(subject) {
      const hearing = await listen(subject, ffmpeg);
      if (hearing.kind === 'heard') return ofSound(subject, hearing.heard);
      const reason = hearing.reason ?? 'The file holds no sound.';
      return {
        ...NOTHING_FOUND,
        findings: [
          makeFinding(
            SELF,
            'audio.not_decoded',
            `${reason} Checked were its type, hashes, container, Content Credentials and metadata.`,
          ),
          ...(await containerFindings(subject, null)),
        ],
      };
    },
  };
}

async function ofSound(subject: Subject, heard: HeardSound): Promise<Detection> {
  const { sound, spectrogram, fingerprint } = heard;
  const evidence = [spectrogram];
  const findings = [
    makeFinding(SELF, 'audio.measured', heard.description, { evidence }),
    makeFinding(
      SELF,
      'audio.not_scored',
      `${NO_VOICE_SCORE}. Checked were its type, hashes, container, Content Credentials and metadata.`,
    ),
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
  return { ...NOTHING_FOUND, findings, evidence, fingerprints: fingerprint ? [fingerprint] : [] };
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
