/** Finds the bytes of labelled media: in the vault, in a folder of the operator's, in the org they came from. */
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { measureFile } from '../intake/measure.js';
import type { PullMedia } from '../jobs/attempt.js';
import type { SalesforceOrgs } from '../salesforce/orgs.js';
import type { MediaSource } from '../store/records.js';
import { VaultFileError, type Vault } from '../store/vault.js';
import { MediaRefusedError } from '../verdict/types.js';
import type { Label, LabelOrigin } from './labels.js';

/** Copies the bytes of a label to a path; false where this place does not have them. */
export type MediaPlace = (label: Label, target: string) => Promise<boolean>;

/** Media is removed once it is judged; only what could not be finished still lies in the vault. */
export function fromVault(vault: Vault): MediaPlace {
  return async ({ origin: { blobId } }, target) => {
    if (blobId === null) return false;
    try {
      await vault.withFile(blobId, (path) => copyFile(path, target));
      return true;
    } catch (error) {
      if (error instanceof VaultFileError) return false;
      throw error;
    }
  };
}

/** Files anywhere below a folder, found by their hashes. */
export async function fromFolder(folder: string, maxBytes: number): Promise<MediaPlace> {
  const byHash = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    // Folders, empty files and those past the limit are not what was judged.
    const media = await measureFile(path, maxBytes).catch(() => null);
    if (media) byHash.set(media.sha256, path);
  }
  return async ({ sha256 }, target) => {
    const path = byHash.get(sha256);
    if (path === undefined) return false;
    await copyFile(path, target);
    return true;
  };
}

/** An id of a ContentVersion. */
const CONTENT_VERSION = /^068[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/;

export interface OrgPlaceParts {
  readonly tenantId: string;
  readonly orgs: SalesforceOrgs;
  readonly pull: PullMedia;
  readonly vault: Vault;
  readonly timeoutMs: number;
}

/** The org's own copy, if it is still there and still the same bytes. */
export function fromOrg({ tenantId, orgs, pull, vault, timeoutMs }: OrgPlaceParts): MediaPlace {
  return async ({ sha256, origin }, target) => {
    const source = sourceIn(orgs, tenantId, origin);
    if (!source) return false;
    const wanted = { id: origin.verificationId, tenantId, source };
    const pulled = await pull(wanted, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
      // Gone from the org, or not the file it was. A login that fails is no answer about the file.
      if (error instanceof MediaRefusedError) return null;
      throw error;
    });
    if (!pulled) return false;
    try {
      if (pulled.sha256 !== sha256) return false;
      await vault.withFile(pulled.blobId, (path) => copyFile(path, target));
      return true;
    } finally {
      await vault.remove(pulled.blobId);
    }
  };
}

function sourceIn(
  orgs: SalesforceOrgs,
  tenantId: string,
  { source, externalId }: LabelOrigin,
): MediaSource | null {
  if (source.type === 'salesforce') return source;
  const org = orgs.expecting(tenantId);
  if (!org || !CONTENT_VERSION.test(externalId ?? '')) return null;
  return { type: 'salesforce', orgId: org.orgId, contentVersionId: externalId ?? '' };
}
