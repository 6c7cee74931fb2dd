/** Answers whether certificates were revoked, as authorities give them; and wrong ones. */
import { createHash } from 'node:crypto';

import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  BasicOCSPResponse,
  CertID,
  Certificate,
  CertificateRevocationList,
  Extension,
  Extensions,
  OCSPResponse,
  ResponseBytes,
  ResponseData,
  RevokedCertificate,
  SingleResponse,
  Time,
} from 'pkijs';

import type { TestSigner } from '../../../scripts/media/test-authority.js';
import { ECDSA_SHA_256, signDer } from './cms-writer.js';

const SHA_1 = '1.3.14.3.2.26';
const BASIC = '1.3.6.1.5.5.7.48.1.1';

export interface Validity {
  readonly thisUpdate: Date;
  /** Null leaves it out. */
  readonly nextUpdate?: Date | null;
}

export interface Revoked {
  readonly at: Date;
  /** CRLReason: 1 key compromise, 6 on hold. */
  readonly reason?: number;
  /** When the key got lost, where that was earlier. */
  readonly invalidSince?: Date;
}

export interface OcspOptions extends Validity {
  readonly about: TestSigner;
  /** Whose certificate that is. */
  readonly issuer: TestSigner;
  readonly by: TestSigner;
  /** Null for good. */
  readonly revoked?: Revoked | null;
  readonly isUnknown?: boolean;
  /** Names the responder by its key instead of its name. */
  readonly isByKey?: boolean;
  /** Leaves the responder's certificate out. */
  readonly isBare?: boolean;
  /** Changes the signed part once it is signed. */
  readonly isForged?: boolean;
}

export async function ocspResponse({
  about,
  issuer,
  by,
  revoked = null,
  isUnknown = false,
  isByKey = false,
  isBare = false,
  isForged = false,
  thisUpdate,
  nextUpdate = null,
}: OcspOptions): Promise<Buffer> {
  const data = (status: asn1js.AsnType): ResponseData =>
    new ResponseData({
      responderID: isByKey
        ? new asn1js.OctetString({ valueHex: new Uint8Array(keyHash(by)) })
        : certificateOf(by).subject,
      producedAt: thisUpdate,
      responses: [
        new SingleResponse({
          certID: new CertID({
            hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA_1 }),
            issuerNameHash: new asn1js.OctetString({
              valueHex: new Uint8Array(
                sha1(Buffer.from(certificateOf(issuer).subject.toSchema().toBER())),
              ),
            }),
            issuerKeyHash: new asn1js.OctetString({ valueHex: new Uint8Array(keyHash(issuer)) }),
            serialNumber: certificateOf(about).serialNumber,
          }),
          certStatus: status,
          thisUpdate,
          ...(nextUpdate && { nextUpdate }),
        }),
      ],
    });
  const good = new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: isUnknown ? 2 : 0 } });
  const status = revoked ? revokedStatus(revoked) : good;
  const signed = data(isForged ? revokedStatus({ at: thisUpdate }) : status);
  const signature = await signDer(by, Buffer.from(signed.toSchema(true).toBER()));
  const basic = new BasicOCSPResponse({
    // PKI.js writes what it has read.
    tbsResponseData: ResponseData.fromBER(data(status).toSchema(true).toBER()),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: ECDSA_SHA_256 }),
    signature: new asn1js.BitString({ valueHex: new Uint8Array(signature) }),
    ...(!isBare && { certs: [certificateOf(by)] }),
  });
  const response = new OCSPResponse({
    responseStatus: new asn1js.Enumerated({ value: 0 }),
    responseBytes: new ResponseBytes({
      responseType: BASIC,
      response: new asn1js.OctetString({ valueHex: basic.toSchema().toBER() }),
    }),
  });
  return Buffer.from(response.toSchema().toBER());
}

function revokedStatus({ at, reason }: Revoked): asn1js.Constructed {
  const code =
    reason === undefined
      ? []
      : [
          new asn1js.Constructed({
            idBlock: { tagClass: 3, tagNumber: 0 },
            value: [new asn1js.Enumerated({ value: reason })],
          }),
        ];
  return new asn1js.Constructed({
    idBlock: { tagClass: 3, tagNumber: 1 },
    value: [new asn1js.GeneralizedTime({ valueDate: at }), ...code],
  });
}

export interface ListOptions extends Validity {
  readonly by: TestSigner;
  /** Name on the list, where it is another than the signer's. */
  readonly issuer?: TestSigner;
  readonly revoked?: readonly (Revoked & { readonly certificate: TestSigner })[];
  /** Further extensions of the list. */
  readonly extensions?: readonly Extension[];
}

export async function revocationList({
  by,
  issuer = by,
  revoked = [],
  extensions = [],
  thisUpdate,
  nextUpdate = null,
}: ListOptions): Promise<Buffer> {
  const list = new CertificateRevocationList({
    version: 1,
    signature: new AlgorithmIdentifier({ algorithmId: ECDSA_SHA_256 }),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: ECDSA_SHA_256 }),
    issuer: certificateOf(issuer).subject,
    thisUpdate: time(thisUpdate),
    ...(nextUpdate && { nextUpdate: time(nextUpdate) }),
    ...(revoked.length > 0 && { revokedCertificates: revoked.map(entryOf) }),
    ...(extensions.length > 0 && {
      crlExtensions: new Extensions({ extensions: [...extensions] }),
    }),
  });
  const [tbs] = list.toSchema(true).valueBlock.value;
  if (!tbs) throw new Error('A list has a signed part.');
  const signed = Buffer.from(tbs.toBER());
  list.signatureValue = new asn1js.BitString({
    valueHex: new Uint8Array(await signDer(by, signed)),
  });
  return Buffer.from(list.toSchema(true).toBER());
}

/** Says that a list names only what has changed since another one. */
export function deltaIndicator(): Extension {
  return extension('2.5.29.27', new asn1js.Integer({ value: 1 }), true);
}

function entryOf({
  certificate,
  at,
  reason,
  invalidSince,
}: Revoked & { readonly certificate: TestSigner }): RevokedCertificate {
  const extensions = [
    ...(reason === undefined
      ? []
      : [extension('2.5.29.21', new asn1js.Enumerated({ value: reason }), false)]),
    ...(invalidSince
      ? [extension('2.5.29.24', new asn1js.GeneralizedTime({ valueDate: invalidSince }), false)]
      : []),
  ];
  return new RevokedCertificate({
    userCertificate: certificateOf(certificate).serialNumber,
    revocationDate: time(at),
    ...(extensions.length > 0 && { crlEntryExtensions: new Extensions({ extensions }) }),
  });
}

function extension(extnID: string, value: asn1js.AsnType, critical: boolean): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

function time(value: Date): Time {
  return new Time({ type: 0, value });
}

function certificateOf({ chain }: TestSigner): Certificate {
  const [der] = chain;
  if (!der) throw new Error('A signer has a certificate.');
  return Certificate.fromBER(der);
}

function keyHash(signer: TestSigner): Buffer {
  const { subjectPublicKey } = certificateOf(signer).subjectPublicKeyInfo;
  return sha1(Buffer.from(subjectPublicKey.valueBlock.valueHexView));
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest();
}
