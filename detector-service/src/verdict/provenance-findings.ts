import { isMadeByAi, isWhollyByAi } from '../provenance/digital-source-type.js';
import type { C2paFacts } from '../provenance/c2pa-report.js';
import type { GeneratorMark } from '../provenance/generator-marks.js';
import type { MediaMetadata } from '../provenance/metadata.js';
import { dateDoubt, editorsOf } from '../provenance/plausibility.js';
import { makeFinding } from './finding-codes.js';
import type { Finding } from './types.js';

const C2PA = { id: 'c2pa', version: '1.0.0' };
const METADATA = { id: 'metadata', version: '1.0.0' };

/**
 * Findings of Content Credentials. A broken credential vouches for nothing, so it argues nothing but its own breakage and what it says against the media.
 *
 * @param isNamed the media's metadata says that it carries Content Credentials
 */
export function c2paFindings(facts: C2paFacts, isNamed = false): Finding[] {
  const { report } = facts;
  const findings: Finding[] = [];
  const add = (code: Parameters<typeof makeFinding>[1], detail: string): void => {
    findings.push(makeFinding(C2PA, code, detail));
  };
  const signer = report.signer ?? 'a signer without a name';

  if (report.state === 'absent' && isNamed) {
    add(
      'c2pa.removed',
      'The metadata points to Content Credentials in this file, but there are none: they were taken out, on purpose or by a program that does not keep them.',
    );
  }
  if (report.state === 'broken') {
    add(
      'c2pa.broken',
      `The media was changed after ${signer} signed it (${facts.mismatches.join(', ')}).`,
    );
  }
  if (report.state === 'remote') {
    add(
      'c2pa.remote',
      `The media points to Content Credentials at ${report.remoteHost ?? 'an address that cannot be read'}; they were not fetched.`,
    );
  }
  if (report.state === 'unreadable') {
    add(
      'c2pa.unreadable',
      `Content Credentials are present but cannot be verified (${facts.unreadableReason ?? 'no reason given'}).`,
    );
  }
  const ai = aiFinding(facts, signer);
  if (ai) findings.push(ai);
  if (report.identity?.state === 'invalid') {
    add(
      'c2pa.identity_invalid',
      `The Content Credentials name ${report.identity.names.join(', ') || 'an identity'} without valid proof; this does not concern the media itself.`,
    );
  }
  if (report.state === 'valid') findings.push(...validityFindings(facts, signer, ai !== null));
  return findings;
}

/** What the claims say of AI, over all manifests. A store without its media says it of other bytes. */
function aiFinding(facts: C2paFacts, signer: string): Finding | null {
  const { report, creator, generator, isDetached } = facts;
  if (isDetached) return null;
  const types = report.digitalSourceTypes.filter(isMadeByAi);
  if (types.length > 0) {
    const by = generator ?? report.claimGenerator ?? signer;
    return makeFinding(
      C2PA,
      types.some(isWhollyByAi) ? 'c2pa.ai_generated' : 'c2pa.ai_edited',
      `The Content Credentials of ${by} name the digital source type ${types.join(', ')}.`,
    );
  }
  if (creator === null) return null;
  return makeFinding(
    C2PA,
    'c2pa.ai_generated',
    `The Content Credentials name ${creator} as the software that created the media.`,
  );
}

function validityFindings(facts: C2paFacts, signer: string, isAi: boolean): Finding[] {
  const { report } = facts;
  const findings: Finding[] = [];
  const isTrusted = report.trust === 'trusted' && !facts.isRevoked;
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
  if (facts.isRevoked) {
    findings.push(
      makeFinding(
        C2PA,
        'c2pa.revoked',
        `The certificate of ${signer} had been revoked by its authority; who signed is therefore unconfirmed.`,
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

/** What XMP or IPTC name as the source of the media. */
export function sourceTypeFindings(digitalSourceType: string | null): Finding[] {
  if (!isMadeByAi(digitalSourceType)) return [];
  return [
    makeFinding(
      METADATA,
      'metadata.ai_source_type',
      `The metadata names the digital source type ${digitalSourceType}.`,
    ),
  ];
}

export function markFindings(mark: GeneratorMark | null): Finding[] {
  if (!mark) return [];
  return [
    makeFinding(
      METADATA,
      'metadata.generator_mark',
      `The metadata carries the mark of ${mark.generator} (${mark.place}).`,
    ),
  ];
}

/** What in a camera's metadata does not fit together. It informs: honest pictures fail these as well. */
export function plausibilityFindings(
  metadata: Pick<MediaMetadata, 'dates' | 'texts'>,
  now: Date,
): Finding[] {
  const findings: Finding[] = [];
  const doubt = dateDoubt(metadata.dates, now);
  if (doubt) {
    findings.push(
      makeFinding(
        METADATA,
        'metadata.dates_implausible',
        `The dates in the metadata cannot all be true: ${doubt.reason}. A camera whose clock was not set does this too.`,
      ),
    );
  }
  const editors = editorsOf(metadata);
  if (editors.length > 0) {
    findings.push(
      makeFinding(
        METADATA,
        'metadata.edited_by_software',
        `The metadata says it was saved by ${editors.join(', ')}.`,
      ),
    );
  }
  return findings;
}

/** @param distance in differing bits of 64, as measured */
export function thumbnailFinding(distance: number): Finding {
  return makeFinding(
    METADATA,
    'metadata.thumbnail_mismatch',
    `The embedded thumbnail shows another picture (${distance} of 64 bits of their perceptual hashes differ): the picture was cropped or changed after the thumbnail was made, by a program that kept it.`,
  );
}
