import type { FindingKind } from './kind.js';

/** What the structure, signatures and content of a document say. */
export const DOCUMENT_KINDS = {
  'document.signature_broken': {
    severity: 'critical',
    title: 'Signed bytes were changed',
    argues: 'tampered',
  },
  'document.changed_after_signing': {
    severity: 'critical',
    title: 'Shows something else than what was signed',
    argues: 'tampered',
  },
  'document.unexplained_revision': {
    severity: 'high',
    title: 'Changed after signing in a way no signature allows',
    argues: 'suspect',
  },
  'document.overlaid_after_signing': {
    severity: 'medium',
    title: 'Something was drawn over a signed page',
    argues: 'suspect',
  },
  'document.signature_coverage': {
    severity: 'high',
    title: 'A signature does not cover the document',
    argues: 'suspect',
  },
  'document.hidden_content': {
    severity: 'high',
    title: 'Holds content that no page shows',
    argues: 'suspect',
  },
  'document.active_content': {
    severity: 'high',
    title: 'Can run scripts or start programs',
    argues: 'suspect',
  },
  'document.remote_content': {
    severity: 'high',
    title: 'Loads parts of itself from elsewhere',
    argues: 'suspect',
  },
  'document.mrz_check_digit': {
    severity: 'high',
    title: 'A check digit of the machine-readable zone is wrong',
    argues: 'suspect',
  },
  'document.mrz_contradicts': {
    severity: 'high',
    title: 'Machine-readable zone and print contradict each other',
    argues: 'suspect',
  },
  'document.mrz_implausible': {
    severity: 'high',
    title: 'Machine-readable zone names an impossible date',
    argues: 'suspect',
  },
  'document.mrz_valid': {
    severity: 'info',
    title: 'Machine-readable zone is consistent',
    argues: null,
  },
  'document.mrz_unreadable': {
    severity: 'info',
    title: 'Machine-readable zone could not be read surely',
    argues: null,
  },
  'document.signature_trusted': {
    severity: 'info',
    title: 'Signed by a signer you trust, unchanged since',
    argues: 'authentic',
  },
  'document.signature_valid': { severity: 'info', title: 'Signature is intact', argues: null },
  'document.signature_unverifiable': {
    severity: 'low',
    title: 'Signature cannot be checked',
    argues: null,
  },
  'document.signature_expired': {
    severity: 'low',
    title: 'Certificate was not valid when signing',
    argues: null,
  },
  'document.signer_revoked': {
    severity: 'high',
    title: "Signer's certificate was revoked when signing",
    argues: 'suspect',
  },
  'document.signer_revoked_unproven': {
    severity: 'medium',
    title: "Signer's certificate was revoked, and nothing proves that it signed before",
    argues: null,
  },
  'document.revocation_good': {
    severity: 'info',
    title: "Signer's certificate was not revoked when signing",
    argues: null,
  },
  'document.revocation_unknown': {
    severity: 'info',
    title: "Whether the signer's certificate was revoked is not known",
    argues: null,
  },
  'document.revocation_invalid': {
    severity: 'low',
    title: 'Holds forged or damaged revocation data',
    argues: null,
  },
  'document.timestamp': {
    severity: 'info',
    title: 'Time stamp over a signature',
    argues: null,
  },
  'document.timestamp_invalid': {
    severity: 'low',
    title: 'A time stamp does not belong to its signature',
    argues: null,
  },
  'document.signature_weak': {
    severity: 'low',
    title: 'Signature uses an outdated digest',
    argues: null,
  },
  'document.updated_after_signing': {
    severity: 'info',
    title: 'Continued after signing as the signature allows',
    argues: null,
  },
  'document.revisions': { severity: 'info', title: 'Was saved more than once', argues: null },
  'document.producer_chain': { severity: 'info', title: 'What made the document', argues: null },
  'document.attachments': { severity: 'info', title: 'Holds other files', argues: null },
  'document.encrypted': { severity: 'low', title: 'Encrypted', argues: null },
  'document.malformed': { severity: 'low', title: 'Damaged or oddly built', argues: null },
  'document.not_read_whole': {
    severity: 'low',
    title: 'Larger than what is examined',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;
