import type { EvidenceFile, Finding, Verdict } from './types.js';
import { AUDIO_KINDS } from './finding-kinds/audio.js';
import { C2PA_KINDS } from './finding-kinds/c2pa.js';
import { COVERAGE_KINDS } from './finding-kinds/coverage.js';
import { DOCUMENT_KINDS } from './finding-kinds/document.js';
import { FILE_TYPE_KINDS } from './finding-kinds/file-type.js';
import { IMAGE_KINDS } from './finding-kinds/image.js';
import { KNOWN_KINDS } from './finding-kinds/known.js';
import { METADATA_KINDS } from './finding-kinds/metadata.js';
import { VIDEO_KINDS } from './finding-kinds/video.js';

/**
 * Every finding the service can make, a file per family in `finding-kinds`. The codes are a contract: policies, flows and reports name them.
 * `docs/verdicts.md` explains each.
 */
export const FINDING_KINDS = {
  ...KNOWN_KINDS,
  ...C2PA_KINDS,
  ...METADATA_KINDS,
  ...FILE_TYPE_KINDS,
  ...IMAGE_KINDS,
  ...AUDIO_KINDS,
  ...VIDEO_KINDS,
  ...DOCUMENT_KINDS,
  ...COVERAGE_KINDS,
} as const;

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
