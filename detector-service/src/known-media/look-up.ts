/** What people decided before, as findings on media that comes now. */
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';
import type { KnownMedia } from '../store/known-media.js';
import { makeFinding } from '../verdict/finding-codes.js';
import { fuse } from '../verdict/fuse.js';
import type { Finding, VerificationOutcome } from '../verdict/types.js';
import { describeCopy } from './copies.js';

const SELF = { id: 'known-media', version: '1.0.0' };
const OWN_CODE = /^known\./;

/** Where decisions of a tenant are found. */
export interface KnownMediaSource {
  findExact(tenantId: string, sha256: string): Promise<KnownMedia | undefined>;
  findCandidates(
    tenantId: string,
    fingerprints: readonly Fingerprint[],
  ): Promise<readonly KnownMedia[]>;
}

/**
 * The outcome with what is known of the media now, and the verdict that follows. Findings of an earlier look-up are replaced, so an outcome that is used
 * again tells what was decided since, and no longer what was withdrawn.
 */
export async function withKnownMedia<Outcome extends Omit<VerificationOutcome, 'evidence'>>(
  source: KnownMediaSource,
  tenantId: string,
  outcome: Outcome,
): Promise<Outcome> {
  const others = outcome.findings.filter(({ code }) => !OWN_CODE.test(code));
  const known = await findKnown(source, tenantId, outcome);
  if (known.length === 0 && others.length === outcome.findings.length) return outcome;
  const findings = [...known, ...others];
  return { ...outcome, findings, verdict: fuse(findings) };
}

async function findKnown(
  source: KnownMediaSource,
  tenantId: string,
  { media, fingerprints = [] }: Omit<VerificationOutcome, 'evidence'>,
): Promise<readonly Finding[]> {
  const exact = await source.findExact(tenantId, media.sha256);
  if (exact?.standing === 'fake') {
    const detail = `These bytes were confirmed as fake by ${exact.addedBy} on ${dayOf(exact)}${origin(exact)}.`;
    return [makeFinding(SELF, 'known.fake', detail)];
  }
  const findings: Finding[] = [];
  if (exact) {
    const detail = `These bytes were released by ${exact.addedBy} on ${dayOf(exact)}${origin(exact)}. This informs and decides nothing.`;
    findings.push(makeFinding(SELF, 'known.genuine', detail));
  }
  for (const candidate of await source.findCandidates(tenantId, fingerprints)) {
    const copy = describeCopy(candidate.fingerprints, fingerprints);
    if (copy === null) continue;
    const detail = `A copy of media that ${candidate.addedBy} confirmed as fake on ${dayOf(candidate)}${origin(candidate)}: ${copy}.`;
    return [makeFinding(SELF, 'known.fake_copy', detail), ...findings];
  }
  return findings;
}

function dayOf({ addedAt }: KnownMedia): string {
  return addedAt.toISOString().slice(0, 10);
}

function origin({ verificationId, sha256 }: KnownMedia): string {
  return ` (${verificationId ?? `SHA-256 ${sha256}`})`;
}
