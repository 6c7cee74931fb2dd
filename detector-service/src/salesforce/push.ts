/** Posts a verdict to the package's Apex REST endpoint of a registered org. Its attestation is the signature over what it says. */
import { DeliveryRefusedError, type PushVerdict } from '../jobs/courier.js';
import type { VerificationRecord } from '../store/records.js';
import type { SalesforceOrg, SalesforceOrgs } from './orgs.js';
import type { AccessTokens } from './token.js';

const TIMEOUT_MS = 30_000;

/** The org answered in a way that may pass: the verdict is brought again later. The message is safe to log. */
export class SalesforcePushError extends Error {
  override readonly name = 'SalesforcePushError';
}

/** These say that the verdict itself is not taken; everything else may pass, such as a missing permission. */
const FINAL_STATUSES = new Set([400, 422]);

export function createPush(
  orgs: SalesforceOrgs,
  tokens: AccessTokens,
  render: (verification: VerificationRecord) => unknown,
): PushVerdict {
  return async (verification, orgId, signal) => {
    const org = orgs.choose(verification.tenantId, orgId);
    const body = JSON.stringify(render(verification));
    let response = await post(org, body, tokens, signal);
    if (response.status === 401) {
      tokens.forget(org);
      await response.body?.cancel();
      response = await post(org, body, tokens, signal);
    }
    await response.body?.cancel();
    if (response.ok) return;
    if (FINAL_STATUSES.has(response.status)) {
      throw new DeliveryRefusedError(
        `Org ${org.orgId} does not take the verdict: HTTP ${response.status}. The reason is in the org's log.`,
      );
    }
    throw new SalesforcePushError(`Org ${org.orgId} answered HTTP ${response.status}.`);
  };
}

/** Only the registered address is ever called, and no redirect is followed. */
async function post(
  org: SalesforceOrg,
  body: string,
  tokens: AccessTokens,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${org.instanceUrl}${org.verdictPath}`, {
    method: 'POST',
    body,
    headers: {
      Authorization: `Bearer ${await tokens.get(org)}`,
      'Content-Type': 'application/json',
    },
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
}
