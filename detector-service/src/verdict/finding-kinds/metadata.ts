import type { FindingKind } from './kind.js';

/** What metadata outside Content Credentials says. */
export const METADATA_KINDS = {
  'metadata.ai_source_type': {
    severity: 'high',
    title: 'Metadata says AI made it',
    argues: 'synthetic',
  },
  'metadata.generator_mark': {
    severity: 'high',
    title: 'Mark of an AI generator',
    argues: 'synthetic',
  },
  'metadata.thumbnail_mismatch': {
    severity: 'medium',
    title: 'Embedded thumbnail shows another picture',
    argues: null,
  },
  'metadata.dates_implausible': {
    severity: 'low',
    title: 'Dates that cannot all be true',
    argues: null,
  },
  'metadata.edited_by_software': {
    severity: 'info',
    title: 'Saved by an editing program',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
