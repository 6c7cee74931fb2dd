import type { FindingKind } from './kind.js';

/** What Content Credentials say. */
export const C2PA_KINDS = {
  'c2pa.broken': {
    severity: 'critical',
    title: 'Content Credentials do not match the media',
    argues: 'tampered',
  },
  'c2pa.ai_generated': {
    severity: 'high',
    title: 'Content Credentials say AI made it',
    argues: 'synthetic',
  },
  'c2pa.ai_edited': {
    severity: 'high',
    title: 'Content Credentials say AI made part of it',
    argues: 'synthetic',
  },
  'c2pa.trusted': {
    severity: 'info',
    title: 'Valid Content Credentials of a trusted signer',
    argues: 'authentic',
  },
  'c2pa.unknown_signer': {
    severity: 'low',
    title: 'Valid Content Credentials of an unknown signer',
    argues: null,
  },
  'c2pa.expired': { severity: 'low', title: 'Signing certificate had expired', argues: null },
  'c2pa.revoked': { severity: 'medium', title: 'Signing certificate was revoked', argues: null },
  'c2pa.ingredient_problem': {
    severity: 'low',
    title: 'A source of this media fails its own check',
    argues: null,
  },
  'c2pa.not_conformant': {
    severity: 'info',
    title: 'Content Credentials stray from the specification',
    argues: null,
  },
  'c2pa.remote': {
    severity: 'info',
    title: 'Content Credentials are kept elsewhere',
    argues: null,
  },
  'c2pa.removed': {
    severity: 'low',
    title: 'Content Credentials were taken out',
    argues: null,
  },
  'c2pa.identity_invalid': {
    severity: 'low',
    title: 'A claimed identity fails its check',
    argues: null,
  },
  'c2pa.unreadable': { severity: 'low', title: 'Content Credentials cannot be read', argues: null },
} as const satisfies Readonly<Record<string, FindingKind>>;
