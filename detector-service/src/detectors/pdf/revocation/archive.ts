import * as asn1js from 'asn1js';

import { NO_REVOCATION_DATA, type RevocationData } from './data.js';

const LISTS = 0;
const RESPONSES = 1;
/** Far more than any signer's chain has certificates. */
const MOST = 32;

/**
 * The value of Adobe's attribute `adbe-revocationInfoArchival` (ISO 32000-2, 12.8.3.3.2): `SEQUENCE { crl [0] EXPLICIT SEQUENCE OF CRL OPTIONAL,
 * ocsp [1] EXPLICIT SEQUENCE OF OCSPResponse OPTIONAL, ... }`. What is built otherwise is passed over.
 */
export function archivedRevocation(value: unknown): RevocationData {
  if (!(value instanceof asn1js.Sequence)) return NO_REVOCATION_DATA;
  return { crls: itemsOf(value, LISTS), ocsp: itemsOf(value, RESPONSES) };
}

function itemsOf(archive: asn1js.Sequence, tagNumber: number): Buffer[] {
  const tagged = archive.valueBlock.value.find(
    ({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === tagNumber,
  );
  const list = tagged instanceof asn1js.Constructed ? tagged.valueBlock.value[0] : null;
  if (!(list instanceof asn1js.Sequence)) return [];
  return list.valueBlock.value
    .slice(0, MOST)
    .map((item) => Buffer.from(item.valueBeforeDecodeView));
}
