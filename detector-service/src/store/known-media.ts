/** The registry of media that people of a tenant have decided on. It holds hashes and fingerprints, never media, and one tenant never sees another's. */
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';
import { queryKeys, storedKeys } from '../known-media/copies.js';
import type { Database, Queryable } from './database.js';
import { newId } from './ids.js';

export const STANDINGS = ['fake', 'genuine'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface NewKnownMedia {
  readonly standing: Standing;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The verification that was decided on; null for entries made by hand. */
  readonly verificationId: string | null;
  readonly reason: string;
  readonly addedBy: string;
  readonly fingerprints: readonly Fingerprint[];
}

export interface KnownMedia extends NewKnownMedia {
  readonly id: string;
  readonly addedAt: Date;
}

interface KnownMediaRow {
  id: string;
  standing: Standing;
  sha256: string;
  verification_id: string | null;
  reason: string;
  added_by: string;
  added_at: Date;
  fingerprints: Fingerprint[];
}

/** Entries compared exactly for one query: the best by shared keys. */
const MOST_CANDIDATES = 20;
/** Keys that a candidate shares in one pose; a copy of the whole shares half of 16, a crop some of hundreds. */
const LEAST_SHARED_KEYS = 2;

export class KnownMediaStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds an entry; a later decision on the same bytes takes the place of an earlier one. */
  put(tenantId: string, wanted: NewKnownMedia): Promise<KnownMedia> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query('insert into tenant (id) values ($1) on conflict do nothing', [
        tenantId,
      ]);
      const [row] = await transaction.query<KnownMediaRow>(
        `insert into known_media
           (id, tenant_id, standing, sha256, verification_id, reason, added_by, fingerprints)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (tenant_id, sha256) do update
           set standing = excluded.standing, verification_id = excluded.verification_id,
             reason = excluded.reason, added_by = excluded.added_by, added_at = now(),
             fingerprints = case when jsonb_array_length(excluded.fingerprints) > 0
               then excluded.fingerprints else known_media.fingerprints end
         returning *`,
        [
          newId('known'),
          tenantId,
          wanted.standing,
          wanted.sha256,
          wanted.verificationId,
          wanted.reason,
          wanted.addedBy,
          JSON.stringify(wanted.fingerprints),
        ],
      );
      if (!row) throw new Error('The database returned no row for an entry it took.');
      await replaceKeys(transaction, tenantId, row);
      return toEntry(row);
    });
  }

  async findExact(tenantId: string, sha256: string): Promise<KnownMedia | undefined> {
    const [row] = await this.#database.query<KnownMediaRow>(
      'select * from known_media where tenant_id = $1 and sha256 = $2',
      [tenantId, sha256],
    );
    return row && toEntry(row);
  }

  /** Fakes that share the most keys with the media, best first. The caller compares them exactly. */
  async findCandidates(
    tenantId: string,
    fingerprints: readonly Fingerprint[],
  ): Promise<readonly KnownMedia[]> {
    // Most tenants have confirmed nothing yet, and a picture has thousands of keys.
    if (fingerprints.length === 0 || !(await this.#hasKeys(tenantId))) return [];
    const keys = queryKeys(fingerprints);
    if (keys.length === 0) return [];
    const rows = await this.#database.query<KnownMediaRow>(
      `with wanted as (select * from unnest($2::bigint[], $3::int[]) as wanted (key, pose)),
       shared as (
         select known_media_key.known_id, wanted.pose, count(*) as keys
         from known_media_key join wanted using (key)
         where known_media_key.tenant_id = $1
         group by known_media_key.known_id, wanted.pose
         having count(*) >= $4
       ),
       best as (
         select known_id, max(keys) as keys from shared group by known_id
         order by max(keys) desc, known_id limit $5
       )
       select known_media.* from known_media join best on best.known_id = known_media.id
       order by best.keys desc, known_media.id`,
      [
        tenantId,
        keys.map(({ key }) => key),
        keys.map(({ pose }) => pose),
        LEAST_SHARED_KEYS,
        MOST_CANDIDATES,
      ],
    );
    return rows.map(toEntry);
  }

  async #hasKeys(tenantId: string): Promise<boolean> {
    const found = await this.#database.query(
      'select 1 from known_media_key where tenant_id = $1 limit 1',
      [tenantId],
    );
    return found.length > 0;
  }

  /** Newest first. @param before an entry's id: those added before it */
  async list(
    tenantId: string,
    page: { readonly standing?: Standing; readonly limit: number; readonly before?: string },
  ): Promise<readonly KnownMedia[]> {
    const rows = await this.#database.query<KnownMediaRow>(
      `select * from known_media
       where tenant_id = $1 and ($2::text is null or standing = $2)
         and ($3::text is null or (added_at, id) <
           (select added_at, id from known_media where tenant_id = $1 and id = $3))
       order by added_at desc, id desc limit $4`,
      [tenantId, page.standing ?? null, page.before ?? null, page.limit],
    );
    return rows.map(toEntry);
  }

  /** False when nothing stood under this hash. */
  async remove(tenantId: string, sha256: string): Promise<boolean> {
    const removed = await this.#database.query(
      'delete from known_media where tenant_id = $1 and sha256 = $2 returning id',
      [tenantId, sha256],
    );
    return removed.length > 0;
  }
}

/** Only copies of fakes are looked for: a copy of something genuine may have been altered. */
async function replaceKeys(
  transaction: Queryable,
  tenantId: string,
  { id, standing, fingerprints }: KnownMediaRow,
): Promise<void> {
  await transaction.query('delete from known_media_key where known_id = $1', [id]);
  if (standing !== 'fake') return;
  await transaction.query(
    `insert into known_media_key (tenant_id, key, known_id)
     select $1, key, $2 from unnest($3::bigint[]) as key`,
    [tenantId, id, [...new Set(storedKeys(fingerprints))]],
  );
}

function toEntry(row: KnownMediaRow): KnownMedia {
  return {
    id: row.id,
    standing: row.standing,
    sha256: row.sha256,
    verificationId: row.verification_id,
    reason: row.reason,
    addedBy: row.added_by,
    addedAt: row.added_at,
    fingerprints: row.fingerprints,
  };
}
