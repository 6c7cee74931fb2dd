import type { X509Certificate } from 'node:crypto';

import { makeFinding } from '../../../verdict/finding-codes.js';
import type { Finding } from '../../../verdict/types.js';
import { PDF_DETECTOR as SELF } from '../identity.js';
import { listed } from '../names.js';
import { signerName } from '../signer-name.js';
import type { SignerStatus } from '../signer-trust.js';
import type { Answer } from './answer.js';
import type { Revocation } from './judge.js';

/** Whether nothing about revocation stands against relying on a signer. That nothing answers does not. */
export function isSettled({ revocation }: SignerStatus): boolean {
  return revocation.every(
    ({ revocation: { state }, refusals }) =>
      state !== 'revoked' && state !== 'unsettled' && refusals.every(({ isInvalid }) => !isInvalid),
  );
}

/** Whether the signer's certificate, or one of an authority above it, was revoked, by what the document itself holds. */
export function revocationFindings(name: string, { revocation, when }: SignerStatus): Finding[] {
  const findings: Finding[] = [];
  const [signer] = revocation;
  for (const { certificate, revocation: found } of revocation) {
    const isSigner = certificate === signer?.certificate;
    const finding = findingOf(name, certificate, found, isSigner, when.time.proven);
    if (finding) findings.push(finding);
  }
  const refused = revocation.flatMap(({ refusals }) =>
    refusals.filter(({ isInvalid }) => isInvalid),
  );
  if (refused.length > 0) {
    const faults = listed(refused.map(({ source, fault }) => `${ARTICLES[source]} ${fault}`));
    const detail = `For the signature ${name} the document holds ${faults}. It was not relied on.`;
    findings.push(makeFinding(SELF, 'document.revocation_invalid', detail));
  }
  return findings;
}

const ARTICLES: Readonly<Record<Answer['source'], string>> = {
  'OCSP response': 'an OCSP response that',
  'revocation list': 'a revocation list that',
};

/** Of authorities only what speaks against them is told. */
function findingOf(
  name: string,
  certificate: X509Certificate,
  found: Revocation,
  isSigner: boolean,
  proven: Date | null,
): Finding | null {
  const whose = `The certificate of ${signerName(certificate)}`;
  const role = isSigner ? `, who made the signature ${name},` : `, above the signer of ${name},`;
  switch (found.state) {
    case 'revoked':
      return makeFinding(
        SELF,
        'document.signer_revoked',
        `${whose}${role} had been revoked before: ${told(found.answer)}.`,
      );
    case 'unsettled': {
      const detail = `${whose}${role} is revoked or on hold, and no time stamp of an authority you trust proves that it signed before: ${told(found.answer)}.`;
      return makeFinding(SELF, 'document.signer_revoked_unproven', detail);
    }
    case 'revoked_later': {
      if (!isSigner) return null;
      const detail = `${whose}${role} was revoked only after the time stamp of ${proven?.toISOString()}: ${told(found.answer)}. The signature stands.`;
      return makeFinding(SELF, 'document.revocation_good', detail);
    }
    case 'good':
      return isSigner
        ? makeFinding(
            SELF,
            'document.revocation_good',
            `${whose}${role} was not revoked then: ${told(found.answer)}.`,
          )
        : null;
    case 'unknown':
      return isSigner
        ? makeFinding(
            SELF,
            'document.revocation_unknown',
            `Whether the certificate of ${signerName(certificate)}${role} was revoked the document does not settle: ${found.why}. Nothing is fetched.`,
          )
        : null;
  }
}

function told({ source, status, since, reason, thisUpdate, nextUpdate, by }: Answer): string {
  const until = nextUpdate ? `, valid until ${nextUpdate.toISOString()}` : '';
  const said =
    status === 'good' || !since
      ? status
      : `${status} since ${since.toISOString()}${reason ? ` (${reason})` : ''}`;
  return `“${said}” by the ${source} of ${signerName(by)}, issued ${thisUpdate.toISOString()}${until}`;
}
