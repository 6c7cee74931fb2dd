/** Streams the bytes of a ContentVersion out of a registered org into the vault. */
import { Readable } from 'node:stream';

import { tooLarge } from '../intake/measure.js';
import type { PullMedia } from '../jobs/attempt.js';
import { holdMedia } from '../store/hold.js';
import type { Vault } from '../store/vault.js';
import { MediaRefusedError } from '../verdict/types.js';
import type { SalesforceOrg, SalesforceOrgs } from './orgs.js';
import type { AccessTokens } from './token.js';

/** The org answered in a way that may pass: the work is tried again later. */
export class SalesforcePullError extends Error {
  override readonly name = 'SalesforcePullError';
}

export function createPull(
  orgs: SalesforceOrgs,
  tokens: AccessTokens,
  vault: Vault,
  maxBytes: number,
): PullMedia {
  return async ({ id, tenantId, source }, signal) => {
    if (source.type !== 'salesforce') {
      throw new Error(`Verification ${id} has neither bytes nor a place to pull them from.`);
    }
    const org = orgs.choose(tenantId, source.orgId);
    const response = await openVersionData(org, source.contentVersionId, tokens, signal);
    if (Number(response.headers.get('Content-Length') ?? 0) > maxBytes) {
      await response.body?.cancel();
      throw tooLarge(maxBytes);
    }
    if (!response.body) throw new SalesforcePullError(`Org ${org.orgId} answered without a body.`);
    return holdMedia(vault, Readable.fromWeb(response.body), maxBytes);
  };
}

/** Only the registered address is ever called: redirects are refused, the id was checked when it was accepted. */
async function openVersionData(
  org: SalesforceOrg,
  contentVersionId: string,
  tokens: AccessTokens,
  signal: AbortSignal,
): Promise<Response> {
  const path = `/services/data/v${org.apiVersion}/sobjects/ContentVersion/${contentVersionId}/VersionData`;
  const ask = async (): Promise<Response> =>
    fetch(`${org.instanceUrl}${path}`, {
      headers: { Authorization: `Bearer ${await tokens.get(org)}` },
      redirect: 'error',
      signal,
    });
  let response = await ask();
  if (response.status === 401) {
    await response.body?.cancel();
    tokens.forget(org);
    response = await ask();
  }
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) {
    throw new MediaRefusedError(
      'source.not_found',
      'The ContentVersion does not exist in the org, or its integration user may not see it.',
    );
  }
  throw new SalesforcePullError(`Org ${org.orgId} answered HTTP ${response.status}.`);
}
