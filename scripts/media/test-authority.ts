import 'reflect-metadata';

import { webcrypto } from 'node:crypto';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** id-kp-emailProtection, the usage that the C2PA certificate profile asks of claim signers. */
const CLAIM_SIGNING = '1.3.6.1.5.5.7.3.4';
/** id-kp-OCSPSigning, by which an authority lets somebody else answer whether its certificates were revoked. */
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** id-kp-timeStamping, which RFC 3161 asks for, critical and alone. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

cryptoProvider.set(webcrypto);

/** Someone who can sign claims or time stamps. */
export interface TestSigner {
  /** DER certificates, the signer's own first. */
  readonly chain: readonly Uint8Array[];
  /** ECDSA P-256 with SHA-256, in the raw form that COSE wants. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A certificate authority that lives as long as the process and is worth nothing outside it. */
export interface TestAuthority {
  /** The root certificate, for a trust list. */
  readonly pem: string;
  /** The root itself, which signs revocation lists. */
  readonly root: TestSigner;
  /** @param validity both ends default to a span around today */
  issue(commonName: string, validity?: Span): Promise<TestSigner>;
  issueTimeStamper(commonName: string): Promise<TestSigner>;
  issueResponder(commonName: string): Promise<TestSigner>;
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

const VALIDITY = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2044-01-01T00:00:00Z') };
const ORGANISATION = 'MediaGuard Tests';

export async function makeTestAuthority(name = 'MediaGuard Test Root'): Promise<TestAuthority> {
  const rootKeys = await generateKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}, O=${ORGANISATION}`,
    notBefore: VALIDITY.from,
    notAfter: VALIDITY.to,
    signingAlgorithm: CURVE,
    keys: rootKeys,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  let serial = 1;
  const issue = async (
    commonName: string,
    validity: Span,
    usage: ExtendedKeyUsageExtension,
  ): Promise<TestSigner> => {
    const keys = await generateKeys();
    serial += 1;
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial.toString(16).padStart(2, '0'),
      subject: `CN=${commonName}, O=${ORGANISATION}`,
      issuer: root.subject,
      notBefore: validity.from,
      notAfter: validity.to,
      signingAlgorithm: CURVE,
      publicKey: keys.publicKey,
      signingKey: rootKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        usage,
        await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return signerOf(certificate, keys.privateKey);
  };
  return {
    pem: `${root.toString('pem')}\n`,
    root: signerOf(root, rootKeys.privateKey),
    issue: (commonName, validity = VALIDITY) =>
      issue(commonName, validity, new ExtendedKeyUsageExtension([CLAIM_SIGNING])),
    issueTimeStamper: (commonName) =>
      issue(commonName, VALIDITY, new ExtendedKeyUsageExtension([TIME_STAMPING], true)),
    issueResponder: (commonName) =>
      issue(commonName, VALIDITY, new ExtendedKeyUsageExtension([OCSP_SIGNING])),
  };
}

function signerOf(certificate: X509Certificate, key: webcrypto.CryptoKey): TestSigner {
  return {
    chain: [new Uint8Array(certificate.rawData)],
    sign: async (bytes) =>
      new Uint8Array(await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes)),
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
}
