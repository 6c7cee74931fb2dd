/** JWT access tokens of registered issuers, each bound to one tenant, an audience and the scopes it may grant at most. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';

import { ConfigError } from '../ops/config.js';
import { SCOPES, type Caller, type Scope } from '../store/api-keys.js';

/** Asymmetric only: with a symmetric one, whoever can check a token can make one. */
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'];
const CLOCK_TOLERANCE_SECONDS = 30;
const JWKS_TIMEOUT_MS = 5_000;

const jwksUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) =>
      text.startsWith('https:') || ['localhost', '127.0.0.1'].includes(new URL(text).hostname),
    'must be https',
  );

const issuerSchema = z
  .object({
    tenant: z.string().min(1),
    issuer: z.string().min(1),
    audience: z.string().min(1),
    /** Where the issuer publishes its keys; the only address that is ever asked. */
    jwksUrl: jwksUrl.optional(),
    jwksFile: z.string().min(1).optional(),
    scopes: z.array(z.enum(SCOPES)).min(1),
  })
  .refine((entry) => !entry.jwksUrl !== !entry.jwksFile, 'needs either jwksUrl or jwksFile');

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

interface TokenIssuer {
  readonly tenant: string;
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly Scope[];
  readonly keys: JWTVerifyGetKey;
}

export class TokenIssuers {
  readonly #issuers: ReadonlyMap<string, TokenIssuer>;

  constructor(issuers: readonly TokenIssuer[]) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  }

  get tenants(): readonly string[] {
    return [...this.#issuers.values()].map(({ tenant }) => tenant);
  }

  /**
   * The caller a token speaks for; undefined for anything but a live token of a registered issuer. Its scopes are those of its
   * `scope` (or `scp`) claim that the registration allows.
   *
   * @throws when the issuer's keys cannot be fetched: then nothing is known of the token
   */
  async authenticate(token: string): Promise<Caller | undefined> {
    const registered = this.#issuers.get(issuerOf(token) ?? '');
    if (!registered) return undefined;
    try {
      const { payload } = await jwtVerify(token, registered.keys, {
        algorithms: ALGORITHMS,
        issuer: registered.issuer,
        audience: registered.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return {
        keyId: keyIdOf(registered, payload),
        tenantId: registered.tenant,
        scopes: registered.scopes.filter((scope) => grantedBy(payload).includes(scope)),
      };
    } catch (error) {
      const isUnreachable =
        !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout;
      if (isUnreachable) throw error;
      return undefined;
    }
  }
}

/** Not yet believed: it only says which keys to check with. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Names the subject in logs without telling it. */
function keyIdOf({ issuer }: TokenIssuer, { sub = '' }: JWTPayload): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([issuer, sub]))
    .digest('hex');
  return `sub_${digest.slice(0, 32)}`;
}

function grantedBy({ scope, scp }: JWTPayload): readonly unknown[] {
  const claim = scope ?? scp;
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim : [];
}

/**
 * Reads the file named by `MEDIAGUARD_TOKEN_ISSUERS`: a JSON list of issuers. Paths in it are relative to it.
 *
 * @throws {ConfigError} naming the entries that are wrong.
 */
export async function loadTokenIssuers(file: string | undefined): Promise<TokenIssuers> {
  if (!file) return new TokenIssuers([]);
  const parsed = z.array(issuerSchema).safeParse(await readJson(file));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(
        (issue) => `MEDIAGUARD_TOKEN_ISSUERS [${issue.path.join('.')}]: ${issue.message}`,
      ),
    );
  }
  const names = parsed.data.map(({ issuer }) => issuer);
  if (new Set(names).size < names.length) {
    throw new ConfigError(['MEDIAGUARD_TOKEN_ISSUERS: names an issuer twice']);
  }
  return new TokenIssuers(
    await Promise.all(
      parsed.data.map(async ({ jwksUrl: url, jwksFile, ...entry }) => ({
        ...entry,
        keys: url
          ? createRemoteJWKSet(new URL(url), { timeoutDuration: JWKS_TIMEOUT_MS })
          : await readKeys(resolve(dirname(file), jwksFile ?? '')),
      })),
    ),
  );
}

async function readKeys(file: string): Promise<JWTVerifyGetKey> {
  const parsed = jwksSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    throw new ConfigError([`MEDIAGUARD_TOKEN_ISSUERS: ${file} is not a JWK set`]);
  }
  return createLocalJWKSet(parsed.data);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new ConfigError([`MEDIAGUARD_TOKEN_ISSUERS: ${file} is not a readable JSON file`]);
  }
}
