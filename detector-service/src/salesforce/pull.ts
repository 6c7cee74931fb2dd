/** Streams the bytes of a ContentVersion out of a registered org into the vault. */
import { Readable } from 'node:stream';

import type { PullMedia } from '../jobs/attempt.js';
import { holdMedia } from '../store/hold.js';
import type { Vault } from '../store/vault.js';
import type { SalesforceOrgs } from './orgs.js';
import type { AccessTokens } from './token.js';
import { versionData } from './version-data.js';

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
    const { contentVersionId } = source;
    const bytes = versionData({ org, tokens, contentVersionId, maxBytes, signal });
    return holdMedia(vault, Readable.from(bytes, { objectMode: false }), maxBytes);
  };
}
