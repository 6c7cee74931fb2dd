/** The schema, as migrations that are only ever appended. Plain PostgreSQL SQL: the embedded database runs the same text. */
import type { Database } from './database.js';

const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '1-first-schema',
    sql: `
      create table tenant (
        id text primary key,
        created_at timestamptz not null default now()
      );

      create table api_key (
        id text primary key,
        tenant_id text not null references tenant,
        name text not null,
        -- SHA-256 of the key in hex: the key itself is shown once and never stored.
        hash text not null unique,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        revoked_at timestamptz
      );

      create table signing_key (
        id text primary key,
        public_jwk jsonb not null,
        sealed_private_jwk text not null,
        created_at timestamptz not null default now(),
        retired_at timestamptz
      );
      create unique index signing_key_one_current on signing_key ((true)) where retired_at is null;

      create table verification (
        id text primary key,
        tenant_id text not null references tenant,
        status text not null check (status in ('queued', 'running', 'complete', 'failed')),
        created_at timestamptz not null default now(),
        completed_at timestamptz,
        idempotency_key text,
        -- What identifies the media of the request: the SHA-256 of pushed bytes, or the id of a record to pull.
        fingerprint text not null,
        context jsonb not null,
        source jsonb not null,
        blob_id text,
        sha256 text,
        md5 text,
        size_bytes bigint,
        -- The outcome, without its evidence bytes; null until complete. Plain json, which keeps the order of the stages.
        outcome json,
        ruleset text,
        attestation text,
        cost_micros bigint,
        problem jsonb,
        -- Identical bytes, judged under the same models with the same declared facts, share this key.
        reuse_key text,
        unique (tenant_id, idempotency_key)
      );
      create index verification_known on verification (tenant_id, reuse_key) where status = 'complete';
      create index verification_age on verification (created_at);
      create index verification_blob on verification (blob_id) where blob_id is not null;

      create table evidence (
        verification_id text not null references verification on delete cascade,
        name text not null,
        kind text not null,
        media_type text not null,
        size_bytes bigint not null,
        blob_id text not null,
        primary key (verification_id, name)
      );
      create index evidence_blob on evidence (blob_id);

      create table decision (
        id bigint generated always as identity primary key,
        verification_id text not null references verification on delete cascade,
        decision text not null check (decision in ('release', 'confirm_fake')),
        reason text not null,
        decided_by text not null,
        decided_at timestamptz not null,
        received_at timestamptz not null default now()
      );
      create index decision_verification on decision (verification_id, id);

      create table job (
        id bigint generated always as identity primary key,
        verification_id text not null unique references verification on delete cascade,
        state text not null default 'ready' check (state in ('ready', 'leased', 'dead')),
        run_at timestamptz not null default now(),
        attempts integer not null default 0,
        leased_by text,
        lease_until timestamptz,
        last_error text
      );
      create index job_due on job (run_at) where state <> 'dead';

      create table usage_day (
        tenant_id text not null references tenant,
        day date not null,
        verdict text not null,
        verifications bigint not null default 0,
        bytes bigint not null default 0,
        cost_micros bigint not null default 0,
        primary key (tenant_id, day, verdict)
      );
    `,
  },
];

/** Any number that nothing else in the database locks on. */
const MIGRATION_LOCK = 7_261_405;

/** Brings the schema up to date; when several processes start at once they take turns. */
export async function migrate(database: Database): Promise<void> {
  await database.script(
    `do $guard$ begin
       perform pg_advisory_xact_lock(${MIGRATION_LOCK});
       create table if not exists migration (
         name text primary key,
         applied_at timestamptz not null default now()
       );
     end $guard$`,
  );
  for (const { name, sql } of MIGRATIONS) {
    const applied = await database.query('select 1 from migration where name = $1', [name]);
    if (applied.length > 0) continue;
    await database.script(
      `do $guard$ begin
         perform pg_advisory_xact_lock(${MIGRATION_LOCK});
         if exists (select 1 from migration where name = '${name}') then return; end if;
         execute $body$ ${sql} $body$;
         insert into migration (name) values ('${name}');
       end $guard$`,
    );
  }
}
