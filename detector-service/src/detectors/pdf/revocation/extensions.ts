import * as asn1js from 'asn1js';
import type { Extension } from 'pkijs';

import { INVALIDITY_DATE, REASON_CODE } from './answer.js';

/** The value inside an extension; null where it is not there or cannot be read. */
export function extensionValue(
  extensions: readonly Extension[] | undefined,
  oid: string,
): asn1js.AsnType | null {
  const extension = extensions?.find(({ extnID }) => extnID === oid);
  if (!extension) return null;
  const { result, offset } = asn1js.fromBER(extension.extnValue.valueBlock.valueHexView);
  return offset === -1 ? null : result;
}

export function reasonCode(extensions: readonly Extension[] | undefined): number | null {
  const value = extensionValue(extensions, REASON_CODE);
  return value instanceof asn1js.Enumerated ? value.valueBlock.valueDec : null;
}

export function invalidityDate(extensions: readonly Extension[] | undefined): Date | null {
  const value = extensionValue(extensions, INVALIDITY_DATE);
  return value instanceof asn1js.GeneralizedTime ? value.toDate() : null;
}
