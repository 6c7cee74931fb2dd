import type { FindingKind } from './kind.js';

/** What the frames, the sound and the container of a video say. */
export const VIDEO_KINDS = {
  'video.generated': {
    severity: 'medium',
    title: 'Most frames look generated',
    argues: 'suspect',
  },
  'video.frames_scored': { severity: 'info', title: 'Frames were scored', argues: null },
  'video.faces_scored': { severity: 'info', title: 'Faces in frames were scored', argues: null },
  'video.faces_not_scored': {
    severity: 'info',
    title: 'Faces in frames were not scored',
    argues: null,
  },
  'video.not_decoded': { severity: 'info', title: 'Frames were not judged', argues: null },
  'video.voice_synthetic': {
    severity: 'medium',
    title: 'Voice in the video sounds synthetic',
    argues: 'suspect',
  },
  'video.voice_scored': { severity: 'info', title: 'Voice in the video was scored', argues: null },
  'video.audio_not_scored': {
    severity: 'info',
    title: 'Voice in the video was not scored',
    argues: null,
  },
  'video.container_inconsistent': {
    severity: 'low',
    title: 'Video file contradicts itself',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
