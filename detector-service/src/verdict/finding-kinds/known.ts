import type { FindingKind } from './kind.js';

/** What people of the same tenant decided on the same media before. */
export const KNOWN_KINDS = {
  'known.fake': { severity: 'critical', title: 'Confirmed fake', argues: 'suspect' },
  'known.fake_copy': { severity: 'high', title: 'Copy of a confirmed fake', argues: 'suspect' },
  'known.genuine': { severity: 'info', title: 'Confirmed genuine before', argues: null },
} as const satisfies Readonly<Record<string, FindingKind>>;
