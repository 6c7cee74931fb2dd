import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { lightningBundle } from '../lightning/build/lightning-bundle.js';
import { lightningRoutes } from '../lightning/server/routes.js';
import { cacheFolderOf, createOrg } from '../org/org.js';
import { orgNames } from '../org/org-names.js';
import { ADMINISTRATOR, PASSWORD } from '../org/users.js';
import { createApp } from '../rest/app.js';
import { note } from './output.js';

export interface StartOptions {
  readonly project: string;
  readonly port: number;
  readonly data?: string;
  readonly jwtCertificate?: string;
  readonly verbose?: boolean;
}

/** Only this machine can reach the org: it has one-click logins and demonstration passwords. */
const HOST = '127.0.0.1';

export async function start(options: StartOptions): Promise<void> {
  const log = pino({ level: options.verbose ? 'debug' : 'warn' }, pino.destination(2));
  const org = createOrg({
    projectFolder: options.project,
    ...(options.data ? { dataFolder: options.data } : {}),
    onFailure: (source, error) => log.error({ event: 'background_failure', source, err: error }),
  });
  const bundle = await lightningBundle({
    project: org.project,
    names: orgNames(org),
    cacheFolder: cacheFolderOf(options.project),
    report: note,
  });
  const app = createApp({
    org,
    log,
    lightning: lightningRoutes(bundle),
    ...(options.jwtCertificate ? { jwtKey: certificateKey(options.jwtCertificate) } : {}),
  });
  const server = app.listen(options.port, HOST);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  org.database.fileAddress.baseUrl = url;
  org.platform.pump.start();
  note(`The local org runs at ${url}`);
  note(
    `  ${ADMINISTRATOR.username} / ${ADMINISTRATOR.password}; everyone else's password is ${PASSWORD}`,
  );
  const stop = (): void => {
    org.close();
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const certificateKey = (file: string) =>
  createPublicKey(
    new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'pem' }),
  );
