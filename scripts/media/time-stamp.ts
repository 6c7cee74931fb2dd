import { createHash, randomBytes } from 'node:crypto';

import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
  id_signedData,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';

import type { TestSigner } from './test-authority.js';

const SHA256 = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const TEST_POLICY = '1.3.6.1.4.1.99999.1';

/** A time-stamp token (RFC 3161) over bytes: a CMS signature by the authority over their hash and a time. */
export async function timeStampToken(
  bytes: Uint8Array,
  at: Date,
  authority: TestSigner,
): Promise<Uint8Array> {
  const [certificateDer] = authority.chain;
  if (!certificateDer) throw new Error('Expected a time-stamp authority with a certificate.');
  const info = tstInfo(sha256(bytes), at);
  const attributes = [
    attribute(CONTENT_TYPE, der(0x06, oidBytes(TST_INFO))),
    attribute(MESSAGE_DIGEST, der(0x04, sha256(info))),
  ];
  const signed = der(
    0x31,
    Buffer.concat(
      attributes
        .map((one) => toBuffer(AsnConvert.serialize(one)))
        .sort((a, b) => Buffer.compare(a, b)),
    ),
  );
  const certificate = AsnConvert.parse(certificateDer, Certificate);
  const data = new SignedData({
    version: 3,
    digestAlgorithms: new DigestAlgorithmIdentifiers([
      new DigestAlgorithmIdentifier({ algorithm: SHA256 }),
    ]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: TST_INFO,
      eContent: new EncapsulatedContent({ single: new OctetString(info) }),
    }),
    certificates: new CertificateSet([new CertificateChoices({ certificate })]),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: 1,
        sid: new SignerIdentifier({
          issuerAndSerialNumber: new IssuerAndSerialNumber({
            issuer: certificate.tbsCertificate.issuer,
            serialNumber: certificate.tbsCertificate.serialNumber,
          }),
        }),
        digestAlgorithm: new DigestAlgorithmIdentifier({ algorithm: SHA256 }),
        signedAttrs: attributes,
        signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: ECDSA_SHA256 }),
        signature: new OctetString(rawToDer(await authority.sign(signed))),
      }),
    ]),
  });
  return new Uint8Array(
    AsnConvert.serialize(
      new ContentInfo({ contentType: id_signedData, content: AsnConvert.serialize(data) }),
    ),
  );
}

/** TSTInfo of RFC 3161, section 2.4.2. */
function tstInfo(hash: Buffer, at: Date): Buffer {
  const algorithm = der(0x30, Buffer.concat([der(0x06, oidBytes(SHA256)), der(0x05)]));
  const time = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(
    0x30,
    Buffer.concat([
      der(0x02, Buffer.from([1])),
      der(0x06, oidBytes(TEST_POLICY)),
      der(0x30, Buffer.concat([algorithm, der(0x04, hash)])),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(7)])),
      der(0x18, Buffer.from(time, 'latin1')),
    ]),
  );
}

function attribute(type: string, value: Buffer): Attribute {
  return new Attribute({ attrType: type, attrValues: [new Uint8Array(value).buffer] });
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function toBuffer(bytes: ArrayBuffer): Buffer {
  return Buffer.from(bytes);
}

/** One DER value; lengths up to 65535. */
function der(tag: number, content: Uint8Array = new Uint8Array(0)): Buffer {
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function oidBytes(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift((left & 0x7f) | 0x80);
    }
    bytes.push(...digits);
  }
  return Buffer.from(bytes);
}

/** ECDSA signatures are two numbers side by side for COSE, and a SEQUENCE of two INTEGERs for CMS. */
function rawToDer(raw: Uint8Array): Buffer {
  const half = raw.length / 2;
  const integer = (bytes: Uint8Array): Buffer => {
    let at = 0;
    while (at < bytes.length - 1 && bytes[at] === 0) at += 1;
    const value = bytes.subarray(at);
    const needsZero = ((value[0] ?? 0) & 0x80) !== 0;
    return der(0x02, needsZero ? Buffer.concat([Buffer.from([0]), value]) : value);
  };
  return der(0x30, Buffer.concat([integer(raw.subarray(0, half)), integer(raw.subarray(half))]));
}
