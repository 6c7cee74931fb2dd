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
} as const satisfies Readonly<Record<string, FindingKind>>;
