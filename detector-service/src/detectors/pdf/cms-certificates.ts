import { X509Certificate } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  Certificate,
  IssuerAndSerialNumber,
  type CertificateSetItem,
  type SignerInfo,
} from 'pkijs';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/**
 * Certificates byte for byte, since their own signatures are over exactly these bytes. At the place of what cannot be read (attribute certificates,
 * certificates of unknown keys) stands null, so that the order stays that of the file.
 */
export function rawCertificates(signedData: asn1js.Sequence): (X509Certificate | null)[] {
  return tagged(signedData, 0).map((item) => {
    try {
      return new X509Certificate(Buffer.from(item.valueBeforeDecodeView));
    } catch {
      return null;
    }
  });
}

/** Revocation lists that stand beside the certificates, byte for byte. */
export function rawRevocationLists(signedData: asn1js.Sequence): Buffer[] {
  return tagged(signedData, 1)
    .filter((item) => item instanceof asn1js.Sequence)
    .map((item) => Buffer.from(item.valueBeforeDecodeView));
}

function tagged(signedData: asn1js.Sequence, tagNumber: number): readonly asn1js.AsnType[] {
  const set = signedData.valueBlock.value.find(
    ({ idBlock }) => idBlock.tagClass === 3 && idBlock.tagNumber === tagNumber,
  );
  return set instanceof asn1js.Constructed ? set.valueBlock.value.slice(0, 64) : [];
}

/** The place of the signer's certificate among those in the signature, -1 where it is not there. */
export function indexOfSigner(
  signer: SignerInfo,
  certificates: readonly CertificateSetItem[],
): number {
  const sid: unknown = signer.sid;
  return certificates.findIndex((candidate) => {
    if (!(candidate instanceof Certificate)) return false;
    if (sid instanceof IssuerAndSerialNumber) {
      return (
        candidate.serialNumber.isEqual(sid.serialNumber) && candidate.issuer.isEqual(sid.issuer)
      );
    }
    const key: unknown = candidate.extensions?.find(
      ({ extnID }) => extnID === SUBJECT_KEY_IDENTIFIER,
    )?.parsedValue;
    const wanted = keyIdentifier(sid);
    return (
      wanted !== null &&
      key instanceof asn1js.OctetString &&
      Buffer.from(key.getValue()).equals(wanted)
    );
  });
}

/** `[0] IMPLICIT OCTET STRING`: the bytes behind its tag and length. */
function keyIdentifier(sid: unknown): Buffer | null {
  if (sid instanceof asn1js.OctetString) return Buffer.from(sid.getValue());
  return sid instanceof asn1js.Primitive ? Buffer.from(sid.valueBlock.valueHexView) : null;
}
