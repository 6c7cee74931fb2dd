/** API keys: shown once when made, kept only as SHA-256, bound to one tenant and a set of scopes. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

import type { Database } from './database.js';
import { newId } from './ids.js';

export const SCOPES = [
  'verifications:write',
  'verifications:read',
  'decisions:write',
  'known-media:read',
  'known-media:write',
  'release-tokens:write',
  'usage:read',
  'metrics:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who makes a request. */
export interface Caller {
  readonly keyId: string;
  readonly tenantId: string;
  readonly scopes: readonly Scope[];
}

export interface ApiKeyRecord extends Caller {
  readonly name: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

interface ApiKeyRow {
  id: string;
  tenant_id: string;
  name: string;
  hash: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
}

const KEY_PATTERN = /^mg_[A-Za-z0-9_-]{43}$/;

export class ApiKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes a key; its text is returned here and never again. The tenant is made when it is new. */
  async create(
    tenantId: string,
    name: string,
    scopes: readonly Scope[] = SCOPES,
    expiresAt: Date | null = null,
  ): Promise<{ id: string; key: string }> {
    const id = newId('key');
    const key = `mg_${randomBytes(32).toString('base64url')}`;
    await this.#database.transaction(async (transaction) => {
      await transaction.query('insert into tenant (id) values ($1) on conflict do nothing', [
        tenantId,
      ]);
      await transaction.query(
        'insert into api_key (id, tenant_id, name, hash, scopes, expires_at) values ($1, $2, $3, $4, $5, $6)',
        [id, tenantId, name, hashOf(key).toString('hex'), [...scopes], expiresAt],
      );
    });
    return { id, key };
  }

  /** The caller a key speaks for; undefined for anything that is not a live key. */
  async authenticate(key: string): Promise<Caller | undefined> {
    if (!KEY_PATTERN.test(key)) return undefined;
    const hash = hashOf(key);
    const [row] = await this.#database.query<ApiKeyRow>(
      `select * from api_key
       where hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
      [hash.toString('hex')],
    );
    // The index compares hashes of a 256-bit secret; the final comparison takes the same time wherever they differ.
    if (!row || !timingSafeEqual(Buffer.from(row.hash, 'hex'), hash)) return undefined;
    return { keyId: row.id, tenantId: row.tenant_id, scopes: row.scopes };
  }

  async list(): Promise<readonly ApiKeyRecord[]> {
    const rows = await this.#database.query<ApiKeyRow>(
      'select * from api_key order by created_at, id',
    );
    return rows.map((row) => ({
      keyId: row.id,
      tenantId: row.tenant_id,
      name: row.name,
      scopes: row.scopes,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
    }));
  }

  /** False when there is no such live key. */
  async revoke(id: string): Promise<boolean> {
    const revoked = await this.#database.query(
      'update api_key set revoked_at = now() where id = $1 and revoked_at is null returning id',
      [id],
    );
    return revoked.length > 0;
  }

  /**
   * Makes a key like a live one, which goes on until `overlapEnds` so that its users can change over; undefined when there is no
   * such live key.
   */
  async renew(id: string, overlapEnds: Date): Promise<{ id: string; key: string } | undefined> {
    const [old] = await this.#database.query<ApiKeyRow>(
      `update api_key set expires_at = least(expires_at, $2)
       where id = $1 and revoked_at is null and (expires_at is null or expires_at > now())
       returning *`,
      [id, overlapEnds],
    );
    return old && this.create(old.tenant_id, old.name, old.scopes);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#database.query('select 1 from api_key limit 1')).length === 0;
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
