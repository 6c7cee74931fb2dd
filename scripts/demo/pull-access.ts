/** How the service fetches large media from the local org: as the integration user, with the JWT bearer flow, as from a real org. */
import 'reflect-metadata';

import { KeyObject, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { X509CertificateGenerator } from '@peculiar/x509';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const VALIDITY = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2044-01-01T00:00:00Z') };
/** The id that every local org has. */
const LOCAL_ORG_ID = '00D000000000001EAA';
/** The tenant that keys belong to unless another is named. */
const TENANT = 'default';

export interface PullAccess {
  /** What the service is told about the org. */
  readonly orgsFile: string;
  /** What the org checks the service's logins with. */
  readonly certificateFile: string;
}

/** Writes the service's registration of the org; key and certificate are made once a folder. */
export async function preparePullAccess(
  folder: string,
  orgUrl: string,
  username: string,
): Promise<PullAccess> {
  mkdirSync(folder, { recursive: true });
  const certificateFile = join(folder, 'service.crt');
  if (!existsSync(certificateFile)) await makeKeyPair(folder, certificateFile);
  const orgsFile = join(folder, 'orgs.json');
  const registration = {
    orgId: LOCAL_ORG_ID,
    tenant: TENANT,
    loginUrl: orgUrl,
    instanceUrl: orgUrl,
    clientId: 'mediaguard',
    username,
    privateKeyFile: 'service.key',
  };
  writeFileSync(orgsFile, JSON.stringify([registration], null, 2));
  return { orgsFile, certificateFile };
}

async function makeKeyPair(folder: string, certificateFile: string): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: 'CN=MediaGuard detection service',
      notBefore: VALIDITY.from,
      notAfter: VALIDITY.to,
      signingAlgorithm: ALGORITHM,
      keys,
    },
    webcrypto,
  );
  const privateKey = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'service.key'), privateKey, { mode: 0o600 });
  writeFileSync(certificateFile, `${certificate.toString('pem')}\n`);
}
