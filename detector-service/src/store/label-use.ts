/** What tenants let their reviewers' decisions be used for, and the record of who allowed and exported what. */
import type { Database, Queryable } from './database.js';

export const LABEL_PURPOSES = ['evaluation', 'training'] as const;
export type LabelPurpose = (typeof LABEL_PURPOSES)[number];
/** `training` includes evaluation. */
export const LABEL_USES = ['none', ...LABEL_PURPOSES] as const;
export type LabelUse = (typeof LABEL_USES)[number];

export interface LabelEvent {
  readonly at: Date;
  readonly by: string;
  readonly action: 'allow' | 'export';
  readonly purpose: LabelUse;
  readonly reason: string;
  readonly items: number | null;
  readonly manifestSha256: string | null;
}

export async function allowLabelUse(
  database: Database,
  tenantId: string,
  use: LabelUse,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query(
      `insert into tenant (id, label_use) values ($1, $2)
       on conflict (id) do update set label_use = excluded.label_use`,
      [tenantId, use],
    );
    await transaction.query(
      `insert into label_record (made_by, tenant_id, action, purpose, reason)
       values ($1, $2, 'allow', $3, $4)`,
      [by, tenantId, use, reason],
    );
  });
}

/** @throws Error where the tenant has not allowed it */
export async function requireLabelUse(
  database: Queryable,
  tenantId: string,
  purpose: LabelPurpose,
): Promise<void> {
  const [row] = await database.query<{ label_use: LabelUse }>(
    'select label_use from tenant where id = $1',
    [tenantId],
  );
  if (!row) throw new Error(`There is no tenant ${tenantId}; see: npx mediaguard tenants list`);
  if (LABEL_USES.indexOf(row.label_use) < LABEL_USES.indexOf(purpose)) {
    throw new Error(
      `Expected a tenant that allows ${purpose} but ${tenantId} allows ${row.label_use}; once it has agreed: npx mediaguard labels allow ${purpose} --tenant ${tenantId} --reason <text>`,
    );
  }
}

export async function recordLabelExport(
  database: Queryable,
  tenantId: string,
  event: Omit<LabelEvent, 'at' | 'action'>,
): Promise<void> {
  await database.query(
    `insert into label_record (made_by, tenant_id, action, purpose, reason, items, manifest_sha256)
     values ($1, $2, 'export', $3, $4, $5, $6)`,
    [event.by, tenantId, event.purpose, event.reason, event.items, event.manifestSha256],
  );
}

/** Newest first. */
export async function labelHistory(
  database: Queryable,
  tenantId: string,
): Promise<readonly LabelEvent[]> {
  return database.query<LabelEvent>(
    `select made_at as at, made_by as by, action, purpose, reason, items,
       manifest_sha256 as "manifestSha256"
     from label_record where tenant_id = $1 order by id desc`,
    [tenantId],
  );
}
