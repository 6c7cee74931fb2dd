import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { webcrypto } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import {
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509';
import 'reflect-metadata';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TlsPeer {
  readonly address: string;
  /** The peer's own certificate, to verify it by. */
  readonly ca: string;
  close(): Promise<void>;
}

/** An HTTPS server on this machine with a certificate of its own. */
export async function startTlsPeer(answer: RequestListener): Promise<TlsPeer> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date('2024-01-01'),
    notAfter: new Date('2044-01-01'),
    signingAlgorithm: CURVE,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  const ca = `${certificate.toString('pem')}\n`;
  const server = createServer({ key, cert: ca }, answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `https://localhost:${port}/lists/`, ca, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
