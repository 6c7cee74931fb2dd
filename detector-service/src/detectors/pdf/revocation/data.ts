import { X509Certificate } from 'node:crypto';

import type { PdfDocument } from '../document.js';
import { PDF_LIMITS } from '../limits.js';
import { arrayOf } from '../signature-fields.js';
import { PdfStream, type PdfDict } from '../values.js';

/** Answers to the question whether certificates were revoked, as they were put into a document: DER, unchecked. */
export interface RevocationData {
  /** OCSP responses (RFC 6960). */
  readonly ocsp: readonly Buffer[];
  /** Certificate revocation lists (RFC 5280). */
  readonly crls: readonly Buffer[];
}

/** What a document keeps for checks in years to come. */
export interface ValidationData extends RevocationData {
  readonly certificates: readonly X509Certificate[];
  /** Streams of the store that were passed over because they cannot be decoded, or are more than what is read. */
  readonly passedOver: number;
}

export const NO_REVOCATION_DATA: RevocationData = Object.freeze({ ocsp: [], crls: [] });

/**
 * The document security store (ISO 32000-2, 12.8.4.3): its own lists, and those it keeps for single signatures (`VRI`). Which signature an answer was filed
 * under does not matter, since each says itself which certificate it is about.
 */
export function readValidationData(document: PdfDocument): ValidationData {
  const store = document.dict(document.catalog?.get('DSS'));
  if (!store || document.isLocked) return { certificates: [], ocsp: [], crls: [], passedOver: 0 };
  const reader = new StoreReader(document);
  reader.read(store, 'Certs', 'OCSPs', 'CRLs');
  for (const signature of document.dict(store.get('VRI'))?.values() ?? []) {
    const dict = document.dict(signature);
    if (dict) reader.read(dict, 'Cert', 'OCSP', 'CRL');
  }
  return {
    certificates: reader.certificates.flatMap(certificateOf),
    ocsp: reader.ocsp,
    crls: reader.crls,
    passedOver: reader.passedOver,
  };
}

class StoreReader {
  readonly certificates: Buffer[] = [];
  readonly ocsp: Buffer[] = [];
  readonly crls: Buffer[] = [];
  passedOver = 0;
  private readonly seen = new Set<PdfStream>();
  private left = PDF_LIMITS.validationBytes;

  constructor(private readonly document: PdfDocument) {}

  read(dict: PdfDict, certificates: string, ocsp: string, crls: string): void {
    this.collect(dict, certificates, this.certificates);
    this.collect(dict, ocsp, this.ocsp);
    this.collect(dict, crls, this.crls);
  }

  private collect(dict: PdfDict, key: string, into: Buffer[]): void {
    for (const item of arrayOf(this.document, dict.get(key))) {
      const stream = this.document.resolve(item);
      if (!(stream instanceof PdfStream) || this.seen.has(stream)) continue;
      this.seen.add(stream);
      const decoded = this.document.decode(stream);
      const data = decoded?.data;
      if (!data || data.length > this.left || this.seen.size > PDF_LIMITS.validationItems) {
        this.passedOver += 1;
        continue;
      }
      this.left -= data.length;
      into.push(data);
    }
  }
}

function certificateOf(der: Buffer): X509Certificate[] {
  try {
    return [new X509Certificate(der)];
  } catch {
    return [];
  }
}
