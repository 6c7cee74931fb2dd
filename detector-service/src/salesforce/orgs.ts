/** The Salesforce orgs that media may be pulled from: only these, only at their registered addresses. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

import { ConfigError } from '../ops/config.js';

/** Plain HTTP is for an org on this machine only. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  }, 'must be https')
  .transform((text) => new URL(text).origin);

const orgSchema = z
  .object({
    orgId: z.string().regex(/^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/),
    tenant: z.string().min(1),
    loginUrl: origin,
    instanceUrl: origin,
    clientId: z.string().min(1),
    /** With a private key: the JWT bearer flow, as this user. */
    username: z.string().min(1).optional(),
    privateKeyFile: z.string().min(1).optional(),
    /** With a secret: the client-credentials flow. A file, so that the secret stays out of this one. */
    clientSecretFile: z.string().min(1).optional(),
    apiVersion: z
      .string()
      .regex(/^\d{2,3}\.0$/)
      .default('65.0'),
    /** Where the package takes late verdicts; without its namespace in an org that was deployed from source. */
    verdictPath: z
      .string()
      .regex(/^(?:\/[A-Za-z0-9_-]+)+$/)
      .default('/services/apexrest/mediaguard/v1/verdicts'),
    pushVerdicts: z.boolean().default(true),
  })
  .refine(
    (org) => (org.privateKeyFile && org.username) || org.clientSecretFile,
    'needs username and privateKeyFile (JWT bearer flow), or clientSecretFile (client-credentials flow)',
  );

export interface SalesforceOrg {
  readonly orgId: string;
  readonly tenant: string;
  readonly loginUrl: string;
  readonly instanceUrl: string;
  readonly clientId: string;
  readonly apiVersion: string;
  readonly verdictPath: string;
  /** Whether late verdicts are brought to the org, besides its asking for them. */
  readonly pushVerdicts: boolean;
  readonly credential:
    | { readonly type: 'jwt'; readonly username: string; readonly privateKeyPem: string }
    | { readonly type: 'secret'; readonly clientSecret: string };
}

/** The request names an org that is not registered for its tenant, or fails to say which of several. */
export class UnknownOrgError extends Error {
  override readonly name = 'UnknownOrgError';
}

export class SalesforceOrgs {
  readonly #orgs: readonly SalesforceOrg[];

  constructor(orgs: readonly SalesforceOrg[]) {
    this.#orgs = orgs;
  }

  get isEmpty(): boolean {
    return this.#orgs.length === 0;
  }

  /** The org that waits for a tenant's late verdicts; undefined when none does, or it is not certain which. */
  expecting(tenantId: string, orgId?: string): SalesforceOrg | undefined {
    const own = this.#orgs.filter((org) => org.tenant === tenantId);
    const [org] = orgId ? own.filter((candidate) => candidate.orgId === orgId) : own;
    return org?.pushVerdicts && (orgId !== undefined || own.length === 1) ? org : undefined;
  }

  /** The org a tenant means: the one it names, or its only one. Ids match in their 15- and 18-character forms. */
  choose(tenantId: string, orgId?: string): SalesforceOrg {
    const own = this.#orgs.filter((org) => org.tenant === tenantId);
    const wanted = orgId ? own.filter((org) => org.orgId.slice(0, 15) === orgId.slice(0, 15)) : own;
    const [org] = wanted;
    if (!org) throw new UnknownOrgError('No such Salesforce org is registered for this API key.');
    if (wanted.length > 1) {
      throw new UnknownOrgError(
        'Several Salesforce orgs are registered: name one in source.orgId.',
      );
    }
    return org;
  }
}

/**
 * Reads the file named by `MEDIAGUARD_SALESFORCE_ORGS`: a JSON list of orgs. Paths in it are relative to it.
 *
 * @throws {ConfigError} naming the entries that are wrong.
 */
export async function loadSalesforceOrgs(file: string | undefined): Promise<SalesforceOrgs> {
  if (!file) return new SalesforceOrgs([]);
  const parsed = z.array(orgSchema).safeParse(await readJson(file));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(
        (issue) => `MEDIAGUARD_SALESFORCE_ORGS [${issue.path.join('.')}]: ${issue.message}`,
      ),
    );
  }
  const folder = dirname(file);
  return new SalesforceOrgs(
    await Promise.all(
      parsed.data.map(async ({ privateKeyFile, clientSecretFile, username, ...org }) => ({
        ...org,
        credential:
          privateKeyFile && username
            ? {
                type: 'jwt' as const,
                username,
                privateKeyPem: await readSecret(resolve(folder, privateKeyFile)),
              }
            : {
                type: 'secret' as const,
                clientSecret: await readSecret(resolve(folder, clientSecretFile ?? '')),
              },
      })),
    ),
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new ConfigError(['MEDIAGUARD_SALESFORCE_ORGS: must name a readable JSON file']);
  }
}

async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new ConfigError([
      `MEDIAGUARD_SALESFORCE_ORGS: the key or secret file ${file} cannot be read`,
    ]);
  }
}
