/** `mediaguard keys`: works on the store itself, so an embedded one must not be in use by a running service. */
import type { Config } from '../ops/config.js';
import type { ApiKeyRecord, Scope } from '../store/api-keys.js';
import { addMasterKey, dropPreviousKeys, loadMasterKey } from '../store/master-key.js';
import { SigningKeys } from '../trust/signing-keys.js';
import { print, withStore } from './with-store.js';

export interface NewKey {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** From now; absent: it lives until it is revoked. */
  readonly expiresDays?: number;
}

const MS_PER_HOUR = 3_600_000;

export function createKey(config: Config, wanted: NewKey): Promise<void> {
  return withStore(config, async ({ apiKeys }) => {
    const expiresAt = wanted.expiresDays ? hoursFromNow(wanted.expiresDays * 24) : null;
    const { id, key } = await apiKeys.create(wanted.tenant, wanted.name, wanted.scopes, expiresAt);
    print(`${key}\n`);
    process.stderr.write(`Key ${id} for tenant "${wanted.tenant}". It is shown only this once.\n`);
  });
}

export function listKeys(config: Config): Promise<void> {
  return withStore(config, async ({ apiKeys }) => {
    for (const key of await apiKeys.list()) {
      const state = stateOf(key);
      const created = key.createdAt.toISOString();
      print(
        `${key.keyId}\t${key.tenantId}\t${key.name}\t${created}\t${state}\t${key.scopes.join(',')}\n`,
      );
    }
  });
}

export function renewKey(config: Config, id: string, overlapHours: number): Promise<void> {
  return withStore(config, async ({ apiKeys }) => {
    const overlapEnds = hoursFromNow(overlapHours);
    const renewed = await apiKeys.renew(id, overlapEnds);
    if (!renewed) {
      throw new Error(`No live API key has the id ${id}; see: npx mediaguard keys list`);
    }
    print(`${renewed.key}\n`);
    process.stderr.write(
      `Key ${renewed.id} takes the place of ${id}, which ends at ${overlapEnds.toISOString()}. It is shown only this once.\n`,
    );
  });
}

export function revokeKey(config: Config, id: string): Promise<void> {
  return withStore(config, async ({ apiKeys }) => {
    if (!(await apiKeys.revoke(id))) {
      throw new Error(`No live API key has the id ${id}; see: npx mediaguard keys list`);
    }
    print(`Revoked ${id}.\n`);
  });
}

export function rotateSigningKey(config: Config): Promise<void> {
  return withStore(config, async ({ database, masterKey }) => {
    const kid = await new SigningKeys(database, masterKey).rotate();
    print(`New signing key ${kid}. Pin it where attestations are checked.\n`);
  });
}

/** A key file gets a new key; configured keys are changed by the operator, who puts the new one first. */
export async function rotateMasterKey(config: Config): Promise<void> {
  if (!config.masterKey) {
    await loadMasterKey(config.dataFolder);
    await addMasterKey(config.dataFolder);
  }
  await withStore(config, async ({ database, vault, masterKey }) => {
    const files = await vault.reseal();
    const keys = await new SigningKeys(database, masterKey).reseal();
    print(`Sealed ${files} vault files and ${keys} signing keys with the present master key.\n`);
  });
  if (config.masterKey) {
    print('The previous keys can be taken out of MEDIAGUARD_MASTER_KEY now.\n');
  } else {
    await dropPreviousKeys(config.dataFolder);
    print(
      'The key file has a new key. Back it up; backups of the vault made before need the old one.\n',
    );
  }
}

function stateOf({ revokedAt, expiresAt }: ApiKeyRecord): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
  if (!expiresAt) return 'live';
  return `${expiresAt.getTime() > Date.now() ? 'live until' : 'expired'} ${expiresAt.toISOString()}`;
}

function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * MS_PER_HOUR);
}
