/** Makes CMS signatures as signing programs do. */
import { createHash } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';

import type { TestSigner } from '../../../scripts/media/test-authority.js';

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TIME_STAMP_TOKEN = '1.2.840.113549.1.9.16.2.14';
const REVOCATION_ARCHIVE = '1.2.840.113583.1.1.8';
const SHA_256 = '2.16.840.1.101.3.4.2.1';
export const ECDSA_SHA_256 = '1.2.840.10045.4.3.2';

export interface CmsOptions {
  /** What the signer's clock says; null leaves it out. */
  readonly claimedAt?: Date | null;
  /** Further certificates beside the signer's own, DER. */
  readonly certificates?: readonly Uint8Array[];
  /** OCSP responses and revocation lists for `adbe-revocationInfoArchival`, DER. */
  readonly archive?: { readonly ocsp?: readonly Buffer[]; readonly crls?: readonly Buffer[] };
  /** Makes the time stamp over the signature's value. */
  readonly stamp?: (value: Buffer) => Promise<Buffer>;
}

/** A detached CMS signature over some bytes. */
export async function signBytes(
  parts: readonly Buffer[],
  signer: TestSigner,
  {
    claimedAt = new Date('2026-01-02T03:04:05Z'),
    certificates = [],
    archive,
    stamp,
  }: CmsOptions = {},
): Promise<Buffer> {
  const chain = [...signer.chain, ...certificates].map((der) => Certificate.fromBER(der));
  const [own] = chain;
  if (!own) throw new Error('A signer has a certificate.');
  const attributes = new SignedAndUnsignedAttributes({
    type: 0,
    attributes: [
      attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: DATA })),
      ...(claimedAt
        ? [attribute('1.2.840.113549.1.9.5', new asn1js.UTCTime({ valueDate: claimedAt }))]
        : []),
      attribute(
        '1.2.840.113549.1.9.4',
        new asn1js.OctetString({ valueHex: new Uint8Array(sha256(parts)) }),
      ),
      ...(archive ? [attribute(REVOCATION_ARCHIVE, archiveOf(archive))] : []),
    ],
  });
  const encoded = Buffer.from(attributes.toSchema().toBER());
  encoded[0] = 0x31;
  const signature = await signDer(signer, encoded);
  const token = await stamp?.(signature);
  const signed = new SignedData({
    version: 1,
    digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: SHA_256 })],
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: DATA }),
    certificates: chain,
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
        digestAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA_256 }),
        signedAttrs: attributes,
        signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: ECDSA_SHA_256 }),
        signature: new asn1js.OctetString({ valueHex: new Uint8Array(signature) }),
        ...(token && {
          unsignedAttrs: new SignedAndUnsignedAttributes({
            type: 1,
            attributes: [attribute(TIME_STAMP_TOKEN, asn1js.fromBER(token).result)],
          }),
        }),
      }),
    ],
  });
  const info = new ContentInfo({ contentType: SIGNED_DATA, content: signed.toSchema(true) });
  return Buffer.from(info.toSchema().toBER());
}

/** ECDSA as a DER sequence of two integers, as CMS, OCSP and certificates have it. */
export async function signDer(signer: TestSigner, bytes: Uint8Array): Promise<Buffer> {
  const raw = await signer.sign(bytes);
  const half = raw.length / 2;
  const integer = (part: Uint8Array): asn1js.Integer =>
    asn1js.Integer.fromBigInt(BigInt(`0x${Buffer.from(part).toString('hex')}`));
  const value = [integer(raw.subarray(0, half)), integer(raw.subarray(half))];
  return Buffer.from(new asn1js.Sequence({ value }).toBER());
}

function archiveOf({ ocsp = [], crls = [] }: NonNullable<CmsOptions['archive']>): asn1js.Sequence {
  const tagged = (tagNumber: number, items: readonly Buffer[]): asn1js.Constructed[] =>
    items.length === 0
      ? []
      : [
          new asn1js.Constructed({
            idBlock: { tagClass: 3, tagNumber },
            value: [new asn1js.Sequence({ value: items.map((der) => asn1js.fromBER(der).result) })],
          }),
        ];
  return new asn1js.Sequence({ value: [...tagged(0, crls), ...tagged(1, ocsp)] });
}

function attribute(type: string, value: asn1js.AsnType): Attribute {
  return new Attribute({ type, values: [value] });
}

function sha256(parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
