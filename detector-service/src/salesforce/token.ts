/** Access tokens for registered orgs: JWT bearer flow or client-credentials flow, over fetch. Tokens stay in memory and out of logs. */
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';

import type { SalesforceOrg } from './orgs.js';

const TIMEOUT_MS = 15_000;
const MAX_AGE_MS = 15 * 60_000;
const ASSERTION_SECONDS = 180;

const grantSchema = z.object({ access_token: z.string().min(1), instance_url: z.url() });

/** The org did not give a token; the message is safe to log. */
export class SalesforceLoginError extends Error {
  override readonly name = 'SalesforceLoginError';
}

export class AccessTokens {
  readonly #tokens = new Map<string, { readonly value: Promise<string>; readonly at: number }>();

  /** A token for the org; one login serves all who ask at the same time. */
  get(org: SalesforceOrg): Promise<string> {
    const cached = this.#tokens.get(org.orgId);
    if (cached && Date.now() - cached.at < MAX_AGE_MS) return cached.value;
    const value = login(org);
    this.#tokens.set(org.orgId, { value, at: Date.now() });
    value.catch(() => this.forget(org));
    return value;
  }

  /** The org no longer takes the token. */
  forget(org: SalesforceOrg): void {
    this.#tokens.delete(org.orgId);
  }
}

async function login(org: SalesforceOrg): Promise<string> {
  const response = await fetch(`${org.loginUrl}/services/oauth2/token`, {
    method: 'POST',
    body: await grantOf(org),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new SalesforceLoginError(
      `Org ${org.orgId} refused the login with HTTP ${response.status}: check its client id, user and key.`,
    );
  }
  // A parser's own message would quote the answer, and with it the token.
  const grant = grantSchema.safeParse(await response.json().catch(() => undefined));
  if (!grant.success) {
    throw new SalesforceLoginError(`Org ${org.orgId} answered the login without a token.`);
  }
  if (new URL(grant.data.instance_url).origin !== org.instanceUrl) {
    throw new SalesforceLoginError(
      `Org ${org.orgId} is at another address than its registered instanceUrl: correct the registration.`,
    );
  }
  return grant.data.access_token;
}

async function grantOf(org: SalesforceOrg): Promise<URLSearchParams> {
  const { credential } = org;
  if (credential.type === 'secret') {
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: org.clientId,
      client_secret: credential.clientSecret,
    });
  }
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(org.clientId)
    .setSubject(credential.username)
    .setAudience(org.loginUrl)
    .setExpirationTime(`${ASSERTION_SECONDS}s`)
    .sign(createPrivateKey(credential.privateKeyPem));
  return new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion,
  });
}
