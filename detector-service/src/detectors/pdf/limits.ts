/**
 * Bounds on the reading of one document, next to those of `intake/limits`. Real documents stay far below; what exceeds one is read as far as it goes and
 * reported as not read whole.
 */
export const PDF_LIMITS = Object.freeze({
  /** Nesting of arrays and dictionaries in one object. */
  depth: 64,
  /** Cross-reference sections followed along `Prev`. */
  sections: 512,
  /** Entries of all cross-reference sections of one reading. */
  entries: 500_000,
  /** Decoded bytes of one stream, and of all streams of one reading. */
  streamBytes: 64_000_000,
  allStreamBytes: 256_000_000,
  /** Filters in a row on one stream; more than two is unheard of. */
  filters: 6,
  /** Pages that are looked at. */
  pages: 2_000,
  /** Values visited while two states of a document are compared. */
  comparedValues: 400_000,
  /** Signatures that are checked. */
  signatures: 32,
  /** Certificates, OCSP responses and revocation lists that are read, and their bytes in all. */
  validationItems: 256,
  validationBytes: 2_000_000,
  /** Nodes of the ASN.1 of one signature and of one revocation list; seven for each entry of a list, each 20 microseconds. */
  signatureNodes: 60_000,
  listNodes: 300_000,
  /** Revisions that are compared one by one, the latest of them. */
  comparedRevisions: 12,
});
