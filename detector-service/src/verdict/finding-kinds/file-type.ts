import type { FindingKind } from './kind.js';

/** What the file is, against what it claims to be. */
export const FILE_TYPE_KINDS = {
  'mime.executable': { severity: 'critical', title: 'A program, not media', argues: 'suspect' },
  'mime.active_content': {
    severity: 'high',
    title: 'Content that can run scripts',
    argues: 'suspect',
  },
  'mime.polyglot': { severity: 'high', title: 'Two kinds of file in one', argues: 'suspect' },
  'mime.mismatch': { severity: 'low', title: 'Not the type it claims to be', argues: null },
  'mime.disguised': {
    severity: 'high',
    title: 'Another kind of file than it claims to be',
    argues: 'suspect',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
