/**
 * The outbox of late verdicts: a row is committed when an org is told to expect one, becomes due with the commit of the verdict,
 * and goes only when the org has acknowledged it.
 */
import type { Database, Queryable } from '../store/database.js';

export interface Delivery {
  readonly id: number;
  readonly verificationId: string;
  readonly tenantId: string;
  readonly orgId: string;
  /** This attempt's number, from 1. */
  readonly attempt: number;
  readonly holder: string;
}

export interface DeliveryRecord extends Omit<Delivery, 'attempt' | 'holder'> {
  readonly state: 'waiting' | 'leased' | 'dead';
  readonly attempts: number;
  readonly lastError: string | null;
}

interface DeliveryRow {
  id: number;
  verification_id: string;
  tenant_id: string;
  org_id: string;
  state: DeliveryRecord['state'];
  attempts: number;
  last_error: string | null;
}

export class Deliveries {
  readonly #database: Database;
  readonly #leaseMs: number;

  constructor(database: Database, leaseMs: number) {
    this.#database = database;
    this.#leaseMs = leaseMs;
  }

  /** Promises the verdict to the org: at once when it stands, else when it will. Idempotent. */
  async promise(verificationId: string, tenantId: string, orgId: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      // The lock makes a verdict that is being committed either visible here or see this row.
      const [verification] = await transaction.query<{ status: string }>(
        'select status from verification where id = $1 for share',
        [verificationId],
      );
      if (!verification || verification.status === 'failed') return;
      await transaction.query(
        `insert into delivery (verification_id, tenant_id, org_id, run_at)
         values ($1, $2, $3, case when $4::boolean then now() else 'infinity' end)
         on conflict (verification_id) do nothing`,
        [verificationId, tenantId, orgId, verification.status === 'complete'],
      );
    });
  }

  async take(holder: string): Promise<Delivery | undefined> {
    const [row] = await this.#database.query<DeliveryRow>(
      `update delivery set state = 'leased', attempts = attempts + 1, leased_by = $1,
         lease_until = now() + $2 * interval '1 millisecond'
       where id = (
         select id from delivery
         where state <> 'dead' and run_at <= now() and (state = 'waiting' or lease_until < now())
         order by run_at limit 1 for update skip locked
       )
       returning *`,
      [holder, this.#leaseMs],
    );
    return (
      row && {
        id: row.id,
        verificationId: row.verification_id,
        tenantId: row.tenant_id,
        orgId: row.org_id,
        attempt: row.attempts,
        holder,
      }
    );
  }

  /** The org has it. */
  async acknowledge({ id }: Delivery): Promise<void> {
    await this.#database.query('delete from delivery where id = $1', [id]);
  }

  async retry(delivery: Delivery, delayMs: number, error: string): Promise<void> {
    await this.#settle(delivery, 'waiting', delayMs, error);
  }

  /** The org will never take it as it is; it stays to be looked at. */
  async bury(delivery: Delivery, error: string): Promise<void> {
    await this.#settle(delivery, 'dead', 0, error);
  }

  async #settle(
    { id, holder, attempt }: Delivery,
    state: 'waiting' | 'dead',
    delayMs: number,
    error: string,
  ): Promise<void> {
    await this.#database.query(
      `update delivery set state = $4, run_at = now() + $5 * interval '1 millisecond',
         leased_by = null, lease_until = null, last_error = $6
       where id = $1 and leased_by = $2 and attempts = $3`,
      [id, holder, attempt, state, delayMs, error.slice(0, 500)],
    );
  }

  /** How many wait for their org, and how many it will not take. */
  async depth(): Promise<{ waiting: number; dead: number }> {
    const [row] = await this.#database.query<{ waiting: number; dead: number }>(
      `select count(*) filter (where state <> 'dead' and run_at < 'infinity') as waiting,
              count(*) filter (where state = 'dead') as dead from delivery`,
    );
    return row ?? { waiting: 0, dead: 0 };
  }

  /** What is due or dead, the oldest first. */
  async list(limit: number): Promise<readonly DeliveryRecord[]> {
    const rows = await this.#database.query<DeliveryRow>(
      `select * from delivery where state = 'dead' or run_at < 'infinity' order by id limit $1`,
      [limit],
    );
    return rows.map((row) => ({
      id: row.id,
      verificationId: row.verification_id,
      tenantId: row.tenant_id,
      orgId: row.org_id,
      state: row.state,
      attempts: row.attempts,
      lastError: row.last_error,
    }));
  }

  /** Sends again what no org would take; resolves with how many. */
  async reviveDead(): Promise<number> {
    const revived = await this.#database.query(
      `update delivery set state = 'waiting', attempts = 0, run_at = now() where state = 'dead' returning id`,
    );
    return revived.length;
  }
}

/** In the commit of the verdict. */
export async function makeDue(transaction: Queryable, verificationId: string): Promise<void> {
  await transaction.query(
    `update delivery set run_at = now() where verification_id = $1 and state = 'waiting'`,
    [verificationId],
  );
}

/** In the commit of a failure: an org is pushed verdicts only, and asks for the rest itself. */
export async function takeBack(transaction: Queryable, verificationId: string): Promise<void> {
  await transaction.query('delete from delivery where verification_id = $1', [verificationId]);
}
