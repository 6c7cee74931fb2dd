import type { FindingKind } from './kind.js';

/** What sound and its container say. */
export const AUDIO_KINDS = {
  'audio.measured': { severity: 'info', title: 'What the sound is like', argues: null },
  'audio.synthetic': {
    severity: 'medium',
    title: 'Voice sounds synthetic',
    argues: 'suspect',
  },
  'audio.uncertain': {
    severity: 'info',
    title: 'Cannot tell whether the voice is synthetic',
    argues: null,
  },
  'audio.clear': {
    severity: 'info',
    title: 'No sign of a synthetic voice found',
    argues: 'clear',
  },
  'audio.not_scored': { severity: 'info', title: 'Voice was not scored', argues: null },
  'audio.not_decoded': { severity: 'info', title: 'Sound was not decoded', argues: null },
  'audio.damaged': { severity: 'low', title: 'Damaged sound', argues: null },
  'audio.container_inconsistent': {
    severity: 'low',
    title: 'Sound file contradicts itself',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
