import type { EvidenceFile, Finding, Severity, Verdict } from './types.js';

interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  /** The verdict this finding argues for; null where it only informs. */
  readonly argues: Verdict | null;
}

/**
 * Every finding the service can make. The codes are a contract: policies, flows and reports name them. `docs/verdicts.md` explains each.
 */
export const FINDING_KINDS = {
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
  'c2pa.unreadable': { severity: 'low', title: 'Content Credentials cannot be read', argues: null },
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
  'image.generated': { severity: 'medium', title: 'Looks generated', argues: 'suspect' },
  'image.uncertain': {
    severity: 'info',
    title: 'Cannot tell whether it is generated',
    argues: 'clear',
  },
  'image.clear': { severity: 'info', title: 'No sign of generation found', argues: 'clear' },
  'image.not_scored': { severity: 'info', title: 'Pixels were not scored', argues: null },
  'image.damaged': { severity: 'low', title: 'Damaged picture', argues: null },
  'media.not_evaluated': {
    severity: 'info',
    title: 'No detector for this kind of media',
    argues: null,
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof FINDING_KINDS;

/** The verdict a finding argues for, or null. Codes of user models are read by their severity-free statistics, so unknown codes argue nothing. */
export function verdictOf(code: string): Verdict | null {
  return isFindingCode(code) ? FINDING_KINDS[code].argues : null;
}

function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDING_KINDS, code);
}

/** Who found it. */
export interface Finder {
  readonly id: string;
  readonly version: string;
}

export function makeFinding(
  finder: Finder,
  code: FindingCode,
  detail: string,
  more: { readonly score?: number; readonly evidence?: readonly EvidenceFile[] } = {},
): Finding {
  const { severity, title } = FINDING_KINDS[code];
  return {
    code,
    severity,
    title,
    detail,
    detector: finder.id,
    detectorVersion: finder.version,
    score: more.score ?? null,
    evidence: (more.evidence ?? []).map(({ kind, name }) => ({ kind, name })),
  };
}
