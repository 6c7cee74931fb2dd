import { performance } from 'node:perf_hooks';

import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed, plain } from './names.js';
import { pageEvidence } from './page-evidence.js';
import type { PdfDocument } from './document.js';
import type { Change } from './compare/change.js';
import { visiblyChangedPages } from './signed-pages.js';
import { isSettled, revocationFindings } from './revocation/findings.js';
import { readValidationData } from './revocation/data.js';
import type { SignatureReport } from './signatures.js';
import { statusOfSigner, trustMaterial, type SignerStatus } from './signer-trust.js';
import type { DocumentAnchors } from './signing-time.js';
import { signerName } from './signer-name.js';
import { stampFindings } from './stamp-findings.js';

/** Time for rendering pages before and after all signatures together. */
const RENDERING_MS = 6_000;

export interface SignatureFindings {
  readonly findings: readonly Finding[];
  readonly evidence: readonly EvidenceFile[];
}

/** What the signatures of a document amount to, worst first. */
export async function signatureFindings(
  document: PdfDocument,
  reports: readonly SignatureReport[],
  anchors: DocumentAnchors,
): Promise<SignatureFindings> {
  const findings: Finding[] = [];
  const evidence: EvidenceFile[] = [];
  const deadline = performance.now() + RENDERING_MS;
  // Time stamps prove when, and speak for nobody.
  let isWhollyTrusted = reports.some(({ entry }) => !entry.isTimestamp);
  const material = trustMaterial(reports, readValidationData(document), anchors);
  for (const report of reports) {
    const status = statusOfSigner(report, reports, material);
    const changes = await changeFindings(document, report, deadline);
    evidence.push(
      ...changes.evidence.filter(({ name }) => evidence.every((other) => other.name !== name)),
    );
    const own = [...changes.findings, ...stateFindings(report, status)];
    findings.push(...own);
    isWhollyTrusted &&=
      status.trust === 'trusted' &&
      status.wasValid &&
      isSettled(status) &&
      report.cms?.integrity === 'intact' &&
      report.coverage.kind === 'whole' &&
      report.forbidden.length === 0 &&
      changes.findings.every(({ severity }) => severity === 'info');
  }
  if (isWhollyTrusted) {
    const signatures = reports.filter(({ entry }) => !entry.isTimestamp);
    const names = listed(signatures.map(({ cms }) => signerName(cms?.signer ?? null)));
    findings.push(makeFinding(SELF, 'document.signature_trusted', `Signed by ${names}.`));
  }
  return { findings, evidence };
}

async function changeFindings(
  document: PdfDocument,
  report: SignatureReport,
  deadline: number,
): Promise<SignatureFindings> {
  const { signed, allowed, forbidden } = report;
  if (!signed) return { findings: [], evidence: [] };
  const name = nameOf(report);
  const overlays = allowed.filter(({ kind }) => kind === 'overlay');
  const pages = await visiblyChangedPages(signed, document, allowed, forbidden, deadline);
  const evidence = pages ? await pageEvidence(pages) : [];
  const findings: Finding[] = [];
  const isSeen = pages !== null && pages.length > 0;
  if (isSeen || forbidden.some(changesPages)) {
    const seen = isSeen
      ? `page ${pages.map(({ page }) => page + 1).join(', ')} looks different`
      : 'pages differ';
    const what = forbidden.length > 0 ? ` (${wheres(forbidden)})` : '';
    findings.push(
      makeFinding(
        SELF,
        'document.changed_after_signing',
        `After the signature ${name}, ${seen}${what}.`,
        { evidence },
      ),
    );
  } else if (forbidden.length > 0) {
    const detail = `After the signature ${name} changed: ${wheres(forbidden)}.`;
    findings.push(makeFinding(SELF, 'document.unexplained_revision', detail));
  }
  if (overlays.length > 0) {
    const detail = `After the signature ${name}: ${wheres(overlays)}.`;
    findings.push(makeFinding(SELF, 'document.overlaid_after_signing', detail));
  }
  if (findings.length === 0 && allowed.length > 0) {
    const detail = `After the signature ${name}, only what it allows: ${wheres(allowed)}.`;
    findings.push(makeFinding(SELF, 'document.updated_after_signing', detail));
  }
  return { findings, evidence };
}

/** Replaced pages count without a rendering; a value in a form does as well, since what it showed was signed. */
function changesPages({ kind }: Change): boolean {
  return kind === 'page' || kind === 'value';
}

function stateFindings(report: SignatureReport, status: SignerStatus): Finding[] {
  const { coverage, cms } = report;
  const name = nameOf(report);
  const findings: Finding[] = [];
  if (coverage.kind === 'partial') {
    const detail = `The signature ${name} does not vouch for this document: ${coverage.fault}.`;
    findings.push(makeFinding(SELF, 'document.signature_coverage', detail));
  }
  if (!cms) return findings;
  const signer = signerName(cms.signer);
  if (cms.integrity === 'broken') {
    const detail = `The signature ${name} by ${signer}: ${cms.reason}.`;
    findings.push(makeFinding(SELF, 'document.signature_broken', detail));
    return findings;
  }
  if (cms.integrity === 'unverifiable') {
    const detail = `The signature ${name} ${cms.reason}.`;
    findings.push(makeFinding(SELF, 'document.signature_unverifiable', detail));
    return findings;
  }
  if (coverage.kind === 'whole') {
    const by =
      status.trust === 'trusted' ? 'whom you trust' : 'whose certificate no list of yours names';
    const detail = `The signature ${name} by ${signer}, ${by}, is intact over all that was there${whenOf(status)}.`;
    findings.push(makeFinding(SELF, 'document.signature_valid', detail));
  }
  if (!status.wasValid) {
    const detail = `The certificate of ${signer} was valid from ${cms.signer?.validFrom} to ${cms.signer?.validTo}.`;
    findings.push(makeFinding(SELF, 'document.signature_expired', detail));
  }
  findings.push(...stampFindings(name, status.when), ...revocationFindings(name, status));
  if (cms.isWeak) {
    const detail = `The signature ${name} uses ${cms.digest}, in which two documents with one digest can be made.`;
    findings.push(makeFinding(SELF, 'document.signature_weak', detail));
  }
  return findings;
}

function nameOf({ entry }: SignatureReport): string {
  return `“${plain(entry.field, 40) || 'without a name'}”`;
}

/** When it was signed, and by whose word. */
function whenOf({ when }: SignerStatus): string {
  if (!when.at) return '';
  const { proven } = when.time;
  const isStamped = when.stamps.some(({ at }) => at === when.at);
  const how = proven
    ? 'time-stamped'
    : isStamped
      ? 'by an unproven time stamp'
      : 'by its own clock';
  return `, ${how} ${when.at.toISOString()}`;
}

function wheres(changes: readonly Change[]): string {
  return listed(changes.map(({ where }) => plain(where, 70)));
}
