import { isMadeByAi, isWhollyByAi } from '../provenance/digital-source-type.js';
import type { C2paFacts } from '../provenance/c2pa-report.js';
import type { GeneratorMark } from '../provenance/generator-marks.js';
import { makeFinding } from './finding-codes.js';
import type { Finding } from './types.js';

const C2PA = { id: 'c2pa', version: '1.0.0' };
const METADATA = { id: 'metadata', version: '1.0.0' };

/** Findings of Content Credentials. A broken credential vouches for nothing, so it argues nothing but its own breakage and what it says against the media. */
export function c2paFindings(facts: C2paFacts): Finding[] {
  const { report } = facts;
  const findings: Finding[] = [];
  const add = (code: Parameters<typeof makeFinding>[1], detail: string): void => {
    findings.push(makeFinding(C2PA, code, detail));
  };
  const signer = report.signer ?? 'a signer without a name';

  if (report.state === 'broken') {
    add(
      'c2pa.broken',
      `The media was changed after ${signer} signed it (${facts.mismatches.join(', ')}).`,
    );
  }
  if (report.state === 'remote') {
    add(
      'c2pa.remote',
      `The media points to Content Credentials at ${hostOf(facts.remoteUrl)}; they were not fetched.`,
    );
  }
  if (report.state === 'unreadable') {
    add(
      'c2pa.unreadable',
      `Content Credentials are present but cannot be verified (${facts.unreadableReason ?? 'no reason given'}).`,
    );
  }
  const aiTypes = report.digitalSourceTypes.filter(isMadeByAi);
  if (aiTypes.length > 0) {
    const by = facts.generator ?? report.claimGenerator ?? signer;
    const isWhole = aiTypes.some(isWhollyByAi);
    add(
      isWhole ? 'c2pa.ai_generated' : 'c2pa.ai_edited',
      `The Content Credentials of ${by} name the digital source type ${aiTypes.join(', ')}.`,
    );
  }
  if (report.state === 'valid')
    findings.push(...validityFindings(facts, signer, aiTypes.length > 0));
  return findings;
}

function validityFindings(facts: C2paFacts, signer: string, isAi: boolean): Finding[] {
  const { report } = facts;
  const findings: Finding[] = [];
  const isTrusted = report.trust === 'trusted';
  const isExpired = report.time === 'expired';
  const hasProblem = facts.ingredientProblems.length > 0;
  if (isTrusted && !isExpired && !hasProblem && !isAi) {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.trusted',
        `Unchanged since ${signer}, whom the trust list names, signed it.`,
      ),
    );
  }
  if (report.trust === 'unknown_signer') {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.unknown_signer',
        `Unchanged since ${signer} signed it, but the trust list does not name this signer.`,
      ),
    );
  }
  if (isExpired) {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.expired',
        `The certificate of ${signer} was not valid any more, and no time stamp shows that it was when signing; who signed is therefore unconfirmed.`,
      ),
    );
  }
  if (hasProblem) {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.ingredient_problem',
        `The media itself is unchanged, but something it was made from fails its check (${facts.ingredientProblems.join(', ')}).`,
      ),
    );
  }
  if (report.strictness.length > 0) {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.not_conformant',
        `Deviations that do not concern integrity: ${report.strictness.join(', ')}.`,
      ),
    );
  }
  return findings;
}

/** Only the host: addresses may carry tokens. */
function hostOf(url: string | null): string {
  try {
    return new URL(url ?? '').host;
  } catch {
    return 'an address that cannot be read';
  }
}

/** Findings of XMP, IPTC, EXIF and text chunks. */
export function metadataFindings(
  digitalSourceType: string | null,
  mark: GeneratorMark | null,
): Finding[] {
  const findings: Finding[] = [];
  if (isMadeByAi(digitalSourceType)) {
    findings.push(
      makeFinding(
        METADATA,
        'metadata.ai_source_type',
        `The metadata names the digital source type ${digitalSourceType}.`,
      ),
    );
  }
  if (mark) {
    findings.push(
      makeFinding(
        METADATA,
        'metadata.generator_mark',
        `The metadata carries the mark of ${mark.generator} (${mark.place}).`,
      ),
    );
  }
  return findings;
}
