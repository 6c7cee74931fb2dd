import type { FindingKind } from './kind.js';

/** What was not judged at all. */
export const COVERAGE_KINDS = {
  'media.not_evaluated': {
    severity: 'info',
    title: 'No detector for this kind of media',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
