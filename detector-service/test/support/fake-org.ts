/** A Salesforce org on a loopback port. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { jwtVerify } from 'jose';

import type { VerificationResource } from '../../src/http/schemas/verification.js';

export const ORG_ID = '00D000000000001AAA';
export const FOUND = '068000000000001AAA';
export const MISSING = '068000000000002AAA';
export const HUGE = '068000000000003AAA';
export const REDIRECTED = '068000000000004AAA';
/** What every access token starts with. */
export const TOKEN = 'AQ8AQPtoken-';
/** What every other ContentVersion holds. */
export const MEDIA = randomBytes(30_000);

/** How a ContentVersion is sent whose connections break. */
export interface Transfer {
  readonly media: Buffer;
  /** Bytes after which each answer breaks off; the one after the last is whole. */
  readonly cuts: number[];
  /** Whether a part that is asked for is sent as a part; otherwise the whole file comes. */
  readonly isRanged: boolean;
  readonly etag?: string;
  /** Says at the start how long the file is. */
  readonly isLengthKnown?: boolean;
}

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** An org as far as pull and push need one. It really checks the assertion and the token. */
export class FakeOrg {
  readonly server: Server = createServer(
    (request, response) => void this.#answer(request, response),
  );
  readonly paths: string[] = [];
  logins = 0;
  expiredTokens = 0;
  /** Answers the next logins with the bare token in place of JSON. */
  brokenLogins = 0;
  /** Bodies that came to the package's endpoint, with what each is answered. */
  readonly verdicts: VerificationResource[] = [];
  readonly answers: number[] = [];
  readonly transfers = new Map<string, Transfer>();
  /** The `Range` of each request for bytes; empty without one. */
  readonly ranges: string[] = [];

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** A file of registered orgs, with this one for a tenant. */
  async register(folder: string, tenant: string): Promise<string> {
    const file = join(folder, 'orgs.json');
    await writeFile(join(folder, 'key.pem'), pair.privateKey);
    await writeFile(
      file,
      JSON.stringify([
        {
          orgId: ORG_ID,
          tenant,
          loginUrl: this.url,
          instanceUrl: this.url,
          clientId: 'client',
          username: 'integration@example.com',
          privateKeyFile: 'key.pem',
        },
      ]),
    );
    return file;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.paths.push(path);
    if (path === '/services/oauth2/token') {
      const form = new URLSearchParams(await textOf(request));
      const claims = await jwtVerify(form.get('assertion') ?? '', createPublicKey(pair.publicKey), {
        issuer: 'client',
        subject: 'integration@example.com',
        audience: this.url,
      }).catch(() => undefined);
      this.logins += 1;
      response.writeHead(claims ? 200 : 400, { 'Content-Type': 'application/json' });
      const grant = { access_token: `${TOKEN}${this.logins}`, instance_url: this.url };
      const answer = JSON.stringify(claims ? grant : { error: 'invalid_grant' });
      response.end(this.brokenLogins-- > 0 ? `${TOKEN}${this.logins}` : answer);
      return;
    }
    if (
      request.headers.authorization !== `Bearer ${TOKEN}${this.logins}` ||
      this.expiredTokens-- > 0
    ) {
      response.writeHead(401).end();
    } else if (path === '/services/apexrest/mediaguard/v1/verdicts') {
      this.verdicts.push(JSON.parse(await textOf(request)) as VerificationResource);
      response.writeHead(this.answers.shift() ?? 200, { Location: 'http://169.254.169.254/' });
      response.end('{}');
    } else if (path.includes(MISSING)) response.writeHead(404).end();
    else if (path.includes(REDIRECTED)) {
      response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
    } else if (path.includes(HUGE)) {
      response.writeHead(200);
      const timer = setInterval(() => response.write(randomBytes(50_000)), 5);
      response.once('close', () => clearInterval(timer));
    } else {
      const [, id = ''] = /ContentVersion\/(\w+)\//.exec(path) ?? [];
      const transfer = this.transfers.get(id);
      if (transfer) this.#send(transfer, request, response);
      else response.writeHead(200).end(MEDIA);
    }
  }

  /** RFC 9110, sections 13.1.5 (If-Range) and 14.2 (Range). */
  #send(transfer: Transfer, request: IncomingMessage, response: ServerResponse): void {
    const { media, cuts, isRanged, etag, isLengthKnown = true } = transfer;
    const { range = '', 'if-range': condition } = request.headers;
    this.ranges.push(range);
    const asked = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    const from = isRanged && (condition === undefined || condition === etag) ? asked : 0;
    if (from > 0 && from >= media.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${media.length}` }).end();
      return;
    }
    const body = media.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ...(etag && { ETag: etag }),
      ...(isLengthKnown && { 'Content-Length': body.length }),
      ...(from > 0 && { 'Content-Range': `bytes ${from}-${media.length - 1}/${media.length}` }),
    });
    const cut = cuts.shift();
    if (cut === undefined) response.end(body);
    else response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
