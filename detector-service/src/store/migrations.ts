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
  {
    name: '2-lanes-limits-and-holds',
    sql: `
      alter table tenant
        -- Null: what the configuration says for everybody.
        add column requests_per_second integer,
        add column uploads_at_once integer,
        add column daily_quota bigint,
        add column monthly_budget_micros bigint;

      alter table api_key add column expires_at timestamptz;

      -- Why the verification, its evidence and its bytes outlive their time.
      alter table verification add column legal_hold text;
      -- Millionths of a dollar by stage of the pipeline.
      alter table verification add column cost_stages jsonb;
      create index verification_ended on verification (completed_at) where status in ('complete', 'failed');

      create table tenant_day (
        tenant_id text not null references tenant,
        day date not null,
        accepted bigint not null default 0,
        primary key (tenant_id, day)
      );

      create table usage_stage_day (
        tenant_id text not null references tenant,
        day date not null,
        stage text not null,
        verifications bigint not null default 0,
        cost_micros bigint not null default 0,
        primary key (tenant_id, day, stage)
      );

      -- Ready may be taken now; delayed waits for run_at after a fault; held waits for held_reason to go away.
      alter table job drop constraint job_state_check;
      alter table job add constraint job_state_check
        check (state in ('ready', 'delayed', 'held', 'leased', 'dead'));
      alter table job
        add column tenant_id text references tenant,
        add column lane text not null default 'interactive' check (lane in ('interactive', 'bulk')),
        -- Jobs of a lane are taken in the order of their turns, which tenants draw in rotation.
        add column turn bigint not null default 0,
        add column held_reason text,
        add column queued_at timestamptz not null default now();
      update job set tenant_id = verification.tenant_id
        from verification where verification.id = job.verification_id;
      alter table job alter column tenant_id set not null;
      drop index job_due;
      create index job_next on job (lane, turn, id) where state = 'ready';
      create index job_delayed on job (run_at) where state = 'delayed';
      create index job_leased on job (lease_until) where state = 'leased';
      create index job_held on job (tenant_id) where state = 'held';
      create index job_dead on job (id) where state = 'dead';

      create table lane_turn (
        lane text not null,
        tenant_id text not null references tenant,
        last_turn bigint not null,
        primary key (lane, tenant_id)
      );
      create index lane_turn_last on lane_turn (lane, last_turn);

      -- The turn that is being served: who comes back after a pause starts here, neither behind the others nor before them.
      create function lane_now(wanted text) returns bigint language sql stable as $now$
        select coalesce(
          (select min(turn) from job where state = 'ready' and lane = wanted),
          (select max(last_turn) from lane_turn where lane = wanted),
          0)
      $now$;

      -- Verdicts on their way to the org that asked; a row goes once the org has acknowledged.
      create table delivery (
        id bigint generated always as identity primary key,
        verification_id text not null unique references verification on delete cascade,
        tenant_id text not null references tenant,
        org_id text not null,
        state text not null default 'waiting' check (state in ('waiting', 'leased', 'dead')),
        attempts integer not null default 0,
        run_at timestamptz not null default now(),
        leased_by text,
        lease_until timestamptz,
        last_error text
      );
      create index delivery_due on delivery (run_at) where state <> 'dead';
    `,
  },
  {
    name: '3-known-media',
    sql: `
      -- What people decided on media, by its bytes. Outlives the verification, of which it keeps hashes only.
      create table known_media (
        id text primary key,
        tenant_id text not null references tenant,
        standing text not null check (standing in ('fake', 'genuine')),
        sha256 text not null,
        verification_id text,
        reason text not null,
        added_by text not null,
        added_at timestamptz not null default now(),
        fingerprints jsonb not null default '[]',
        unique (tenant_id, sha256)
      );
      create index known_media_age on known_media (tenant_id, added_at, id);

      -- Pieces of the fingerprints of fakes, by which candidates for an exact comparison are found.
      create table known_media_key (
        tenant_id text not null,
        key bigint not null,
        known_id text not null references known_media on delete cascade
      );
      create index known_media_key_search on known_media_key (tenant_id, key) include (known_id);
      create index known_media_key_entry on known_media_key (known_id);
    `,
  },
  {
    name: '4-model-registry',
    sql: `
      -- Models brought in at run time. What ships with the service or is configured is not in here.
      create table model_version (
        model_id text not null,
        version text not null,
        -- Of the ONNX file, and of all that decides the model's answers.
        sha256 text not null,
        configuration_sha256 text not null,
        manifest text not null,
        card text not null,
        -- The ONNX file in the vault.
        blob_id text not null,
        state text not null default 'registered'
          check (state in ('registered', 'shadow', 'canary', 'active', 'retired')),
        -- Share 0..1 of the media that a shadow or canary is shown.
        share double precision check (share > 0 and share <= 1),
        -- Rises with each promotion of the model; null until the first. A roll-back goes to the highest below the present one.
        promotion integer,
        registered_at timestamptz not null default now(),
        primary key (model_id, version),
        check ((share is not null) = (state in ('shadow', 'canary')))
      );
      create unique index model_version_one_active on model_version (model_id) where state = 'active';
      create unique index model_version_one_candidate on model_version (model_id)
        where state in ('shadow', 'canary');
      -- One change at a time, or nobody can say which one made the difference.
      create unique index model_version_one_canary on model_version ((true)) where state = 'canary';
      create index model_version_blob on model_version (blob_id);

      create table model_change (
        id bigint generated always as identity primary key,
        made_at timestamptz not null default now(),
        made_by text not null,
        action text not null,
        model_id text not null,
        version text not null,
        sha256 text not null,
        state_before text,
        state_after text not null,
        share double precision,
        reason text not null,
        -- SHA-256 of the evaluation report that justified it, and the figures read from it.
        report_sha256 text,
        figures jsonb
      );
      create function refuse_model_change() returns trigger language plpgsql as $refuse$
      begin
        raise exception 'model_change is only ever appended to';
      end $refuse$;
      create trigger model_change_append_only before update or delete or truncate on model_change
        for each statement execute function refuse_model_change();

      -- What a shadow said beside the verdict that stood. Never part of one.
      create table shadow_answer (
        verification_id text not null references verification on delete cascade,
        model_id text not null,
        version text not null,
        judged_at timestamptz not null default now(),
        -- The model's own scores, null where it abstained, and the verdicts of the whole pipeline.
        score double precision,
        active_score double precision,
        verdict text not null,
        active_verdict text not null,
        active_version text,
        total_ms double precision not null,
        active_total_ms double precision not null,
        primary key (verification_id, model_id, version)
      );
      create index shadow_answer_model on shadow_answer (model_id, version, judged_at);
    `,
  },
  {
    name: '5-labels',
    sql: `
      -- What a tenant lets its reviewers' decisions be used for, besides its own cases.
      alter table tenant add column label_use text not null default 'none'
        check (label_use in ('none', 'evaluation', 'training'));

      create table label_record (
        id bigint generated always as identity primary key,
        made_at timestamptz not null default now(),
        made_by text not null,
        tenant_id text not null references tenant,
        action text not null check (action in ('allow', 'export')),
        purpose text not null,
        reason text not null,
        items integer,
        -- SHA-256 of the manifest.csv that was written.
        manifest_sha256 text
      );
      create function refuse_label_change() returns trigger language plpgsql as $refuse$
      begin
        raise exception 'label_record is only ever appended to';
      end $refuse$;
      create trigger label_record_append_only before update or delete or truncate on label_record
        for each statement execute function refuse_label_change();
    `,
  },
  {
    name: '6-shared-rates',
    sql: `
      -- Where several processes count a tenant's requests together. Losing it in a crash gives each tenant a full burst.
      create unlogged table rate_bucket (
        tenant_id text primary key references tenant on delete cascade,
        -- When the bucket will be full again if nobody takes from it.
        full_at timestamptz not null,
        -- Tokens that the last one who asked got.
        granted integer not null
      );
    `,
  },
  {
    name: '7-job-failures',
    sql: `
      -- Attempts that ended with an error. Those that ended with their process say little about the job.
      alter table job add column failures integer not null default 0;
    `,
  },
  {
    name: '8-traces',
    sql: `
      -- The traceparent of the request that brought the work; null without tracing.
      alter table job add column trace text;
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
