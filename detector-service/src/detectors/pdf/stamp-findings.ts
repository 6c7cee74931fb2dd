import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed } from './names.js';
import { signerName } from './signer-name.js';
import type { Stamp, TimeReport } from './signing-time.js';

/** What the time stamps over a signature prove, and which of them are over something else. */
export function stampFindings(name: string, { stamps, broken }: TimeReport): Finding[] {
  const findings: Finding[] = [];
  if (stamps.length > 0) {
    const detail = `Over the signature ${name}: ${listed(stamps.map(told))}.`;
    findings.push(makeFinding(SELF, 'document.timestamp', detail));
  }
  if (broken.length > 0) {
    const faults = listed(broken.map(({ reason }) => reason ?? 'it cannot be checked'));
    const detail = `A time stamp at the signature ${name} proves no time: ${faults}. Time stamps lie outside what is signed, so this says nothing about the document.`;
    findings.push(makeFinding(SELF, 'document.timestamp_invalid', detail));
  }
  return findings;
}

function told({ cms, at, doubt, kind }: Stamp): string {
  const what = kind === 'document' ? 'time stamp of the document' : 'time stamp';
  const worth =
    doubt === null ? 'it was there by then' : `proves no more than a claim, since ${doubt}`;
  return `${what} of ${at.toISOString()} by ${signerName(cms.signer)} (${worth})`;
}
