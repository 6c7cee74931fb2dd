import { verifyCms, type CmsReport } from './cms.js';
import { compareDocuments } from './compare/catalog.js';
import type { Change } from './compare/change.js';
import { isAllowed } from './compare/policy.js';
import { checkCoverage, type Coverage } from './coverage.js';
import { PdfDocument } from './document.js';
import { strayObjects } from './revisions.js';
import { signatureEntries, type SignatureEntry } from './signature-fields.js';

/** Everything that is known of one signature of a document. */
export interface SignatureReport {
  readonly entry: SignatureEntry;
  readonly coverage: Coverage;
  /** Null where there is nothing that could be verified. */
  readonly cms: CmsReport | null;
  /** The document as it was signed; null where the signature covers all of it, or nothing that could be read. */
  readonly signed: PdfDocument | null;
  /** What changed since, and may. */
  readonly allowed: readonly Change[];
  /** What changed since, and may not. */
  readonly forbidden: readonly Change[];
}

/** Checks each signature by itself: its coverage, its cryptography, and what came after it. */
export function checkSignatures(document: PdfDocument): readonly SignatureReport[] {
  return signatureEntries(document).map((entry) => checkSignature(document, entry));
}

function checkSignature(document: PdfDocument, entry: SignatureEntry): SignatureReport {
  const { buffer } = document;
  const coverage = checkCoverage(buffer, entry);
  const cms =
    coverage.parts && entry.contents
      ? verifyCms(entry.contents.bytes, coverage.parts, contentOf(entry))
      : null;
  const isLast =
    coverage.end === null || buffer.subarray(coverage.end).toString('latin1').trim() === '';
  const signed =
    isLast || coverage.end === null ? null : new PdfDocument(buffer.subarray(0, coverage.end));
  if (!signed?.catalog || coverage.end === null) {
    return { entry, coverage, cms, signed: null, allowed: [], forbidden: [] };
  }
  const changes = [...compareDocuments(signed, document), ...strays(document, coverage.end)];
  return {
    entry,
    coverage,
    cms,
    signed,
    allowed: changes.filter((change) => isAllowed(change, entry)),
    forbidden: changes.filter((change) => !isAllowed(change, entry)),
  };
}

function contentOf({ isTimestamp, subFilter }: SignatureEntry) {
  if (isTimestamp) return 'timestamp';
  return subFilter === 'adbe.pkcs7.sha1' ? 'sha1' : 'detached';
}

/** Readers that repair files would show objects that no cross-reference section knows; others would not. */
function strays(document: PdfDocument, from: number): Change[] {
  const numbers = strayObjects(document, from);
  if (numbers.length === 0) return [];
  const where = `objects outside any saving (${numbers.slice(0, 5).join(', ')})`;
  return [{ kind: 'other', where, page: null }];
}
