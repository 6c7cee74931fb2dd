/** The service's configuration: read once from the environment, checked, frozen. Nothing else reads `process.env`. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

import { SHIFTED_PSI } from '../model-operations/drift.js';
import type { DriftBounds } from '../model-operations/drift-report.js';
import { MEDIA_LIMITS } from '../intake/limits.js';
import { OFFICIAL_LISTS } from '../provenance/trust-update.js';

const MEBIBYTE = 1024 * 1024;
const MICROS_PER_DOLLAR = 1_000_000;

const wholeNumber = (fallback: number, minimum: number, maximum: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(fallback);

const folder = z
  .string()
  .min(1)
  .transform((path) => resolve(path));

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const environmentSchema = z.object({
  MEDIAGUARD_ROLE: z.enum(ROLES).default('all'),
  MEDIAGUARD_DATA: folder.default(resolve('.mediaguard')),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  MEDIAGUARD_HOST: z.string().min(1).default('127.0.0.1'),
  MEDIAGUARD_PORT: wholeNumber(8080, 0, 65_535),
  MEDIAGUARD_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  MEDIAGUARD_MASTER_KEY: z
    .string()
    .refine(
      (text) => text.split(',').every((key) => Buffer.from(key, 'base64').length === 32),
      'must be 32 bytes in base64, or several with commas, the present one first',
    )
    .optional(),
  MEDIAGUARD_VAULT: z
    .string()
    .regex(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9._-]+)*\/?$/,
      'must be s3://<bucket>, or s3://<bucket>/<prefix> with a prefix of letters, digits, ".", "_", "-" and "/"',
    )
    .optional(),
  MEDIAGUARD_VAULT_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  MEDIAGUARD_VAULT_REGION: z.string().min(1).default('us-east-1'),
  MEDIAGUARD_VAULT_PATH_STYLE: z.enum(['true', 'false']).default('false'),
  MEDIAGUARD_MAX_BYTES: wholeNumber(MEDIA_LIMITS.maxBytes, 1, MEDIA_LIMITS.maxBytes),
  MEDIAGUARD_INLINE_MAX_BYTES: wholeNumber(8 * MEBIBYTE, 1, 64 * MEBIBYTE),
  MEDIAGUARD_WORKERS: wholeNumber(availableParallelism(), 1, 256),
  MEDIAGUARD_INTERACTIVE_WORKERS: wholeNumber(1, 0, 256),
  MEDIAGUARD_CHILD_MEMORY_MB: wholeNumber(1024, 256, 65_536),
  MEDIAGUARD_QUEUE_LIMIT: wholeNumber(10_000, 1, 10_000_000),
  MEDIAGUARD_TENANT_RATE: wholeNumber(50, 1, 100_000),
  MEDIAGUARD_TENANT_UPLOADS: wholeNumber(32, 1, 10_000),
  MEDIAGUARD_TENANT_DAILY_QUOTA: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  MEDIAGUARD_TENANT_BUDGET_USD: z.coerce.number().min(0).max(10_000_000).optional(),
  MEDIAGUARD_TOKEN_ISSUERS: folder.optional(),
  MEDIAGUARD_VERIFY_TIMEOUT_MS: wholeNumber(120_000, 100, 3_600_000),
  MEDIAGUARD_MAX_ATTEMPTS: wholeNumber(5, 1, 100),
  MEDIAGUARD_RETRY_BASE_MS: wholeNumber(2_000, 1, 600_000),
  MEDIAGUARD_LEASE_MS: wholeNumber(60_000, 1_000, 3_600_000),
  MEDIAGUARD_RETENTION_DAYS: wholeNumber(90, 1, 3_650),
  MEDIAGUARD_SHUTDOWN_MS: wholeNumber(20_000, 0, 600_000),
  MEDIAGUARD_TRUST_ANCHORS: folder.optional(),
  MEDIAGUARD_TRUST_LISTS: z.url({ protocol: /^https$/ }).default(OFFICIAL_LISTS),
  MEDIAGUARD_DOCUMENT_TRUST_ANCHORS: folder.optional(),
  MEDIAGUARD_MODELS: z
    .string()
    .transform((text, context) => parseModels(text, context))
    .optional(),
  MEDIAGUARD_FFMPEG: z.string().min(1).default('ffmpeg'),
  MEDIAGUARD_SALESFORCE_ORGS: folder.optional(),
  MEDIAGUARD_COMPUTE_USD_PER_HOUR: z.coerce.number().min(0).max(1_000).default(0.05),
  MEDIAGUARD_DRIFT_EVERY_HOURS: wholeNumber(6, 0, 8_760),
  MEDIAGUARD_DRIFT_DAYS: wholeNumber(7, 1, 3_650),
  MEDIAGUARD_DRIFT_REFERENCE_DAYS: wholeNumber(30, 1, 3_650),
  MEDIAGUARD_DRIFT_PSI: z.coerce.number().positive().max(100).default(SHIFTED_PSI),
  MEDIAGUARD_DRIFT_LEAST: wholeNumber(200, 2, 20_000),
  MEDIAGUARD_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info'),
});

/** Every variable the service reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

/** A user model: an id and the folder that holds its manifest. */
export interface UserModel {
  readonly id: string;
  readonly folder: string;
}

/** Reads one `id=folder` pair, as in `--model` and `MEDIAGUARD_MODELS`; undefined when the text is not such a pair. */
export function parseModel(text: string): UserModel | undefined {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)$/.exec(text.trim());
  return match?.[1] && match[2] ? { id: match[1], folder: resolve(match[2]) } : undefined;
}

function parseModels(text: string, context: z.RefinementCtx): UserModel[] {
  const models: UserModel[] = [];
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const model = parseModel(part);
    if (model) models.push(model);
    else context.addIssue('must be a comma-separated list of <model id>=<folder>');
  }
  return models;
}

/** A bucket of a store that speaks S3. */
export interface BucketLocation {
  readonly bucket: string;
  /** What the names of all objects start with; empty, or ending with a slash. */
  readonly prefix: string;
  readonly region: string;
  /** Absent: Amazon's own for the region. */
  readonly endpoint?: string;
  /** The bucket in the path instead of in the host name. */
  readonly isPathStyle: boolean;
}

export interface Config {
  /** What this process does: take requests in, work them off, or both. */
  readonly role: Role;
  readonly dataFolder: string;
  /** Absent: the embedded database in {@link dataFolder}. */
  readonly databaseUrl?: string;
  readonly host: string;
  readonly port: number;
  /** The address clients use; also the issuer of attestations. Absent: the address listened on. */
  readonly publicUrl?: string;
  /** 32 bytes in base64; while keys change several, the present one first. Absent: a key file in {@link dataFolder}, made on first start. */
  readonly masterKey?: string;
  /** Where held media and evidence are kept. Absent: a folder of {@link dataFolder}. */
  readonly vaultBucket?: BucketLocation;
  readonly maxBytes: number;
  readonly inlineMaxBytes: number;
  readonly workers: number;
  /** Child processes besides these that only judge what somebody waits for. */
  readonly interactiveWorkers: number;
  /** Resident memory with which a child process is replaced. */
  readonly childMaxBytes: number;
  readonly queueLimit: number;
  /** Requests a second one tenant may make on average; bursts of ten times as many pass. */
  readonly tenantRate: number;
  readonly tenantUploads: number;
  readonly tenantDailyQuota?: number;
  /** Millionths of a dollar a month; absent: no bound. */
  readonly tenantBudgetMicros?: number;
  /** JSON file of the issuers whose tokens are taken besides API keys. */
  readonly tokenIssuersFile?: string;
  readonly verifyTimeoutMs: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly leaseMs: number;
  readonly retentionDays: number;
  readonly shutdownMs: number;
  /** Folder of PEM files; absent: the trust store in {@link dataFolder}. */
  readonly trustAnchors?: string;
  /** Where `trust update` fetches the official lists. */
  readonly trustLists: string;
  readonly documentTrustAnchors?: string;
  readonly models: readonly UserModel[];
  /** Path of ffmpeg or its name in PATH; `off` for none. */
  readonly ffmpeg: string;
  readonly salesforceOrgsFile?: string;
  readonly computeUsdPerHour: number;
  /** Hours between measurements of drift; 0: none. */
  readonly driftEveryHours: number;
  readonly drift: DriftBounds;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Names each variable that is wrong and what is expected of it, never the value it had. */
export class ConfigError extends Error {
  constructor(issues: readonly string[]) {
    super(`The configuration is not usable:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** API and workers in processes of their own must find each other's data, and the workers sign in the name of the API. */
function faultsOfRole(values: z.infer<typeof environmentSchema>): string[] {
  if (values.MEDIAGUARD_ROLE === 'all') return [];
  const why = `is needed where MEDIAGUARD_ROLE is ${values.MEDIAGUARD_ROLE}`;
  return [
    ...(values.DATABASE_URL
      ? []
      : [`DATABASE_URL: ${why}: the embedded database serves one process`]),
    ...(values.MEDIAGUARD_PUBLIC_URL ? [] : [`MEDIAGUARD_PUBLIC_URL: ${why}: it names the issuer`]),
  ];
}

function bucketOf(values: z.infer<typeof environmentSchema>): BucketLocation | undefined {
  if (!values.MEDIAGUARD_VAULT) return undefined;
  const { host: bucket, pathname } = new URL(values.MEDIAGUARD_VAULT);
  const folders = pathname.split('/').filter((part) => part !== '');
  return {
    bucket,
    prefix: folders.map((part) => `${part}/`).join(''),
    region: values.MEDIAGUARD_VAULT_REGION,
    endpoint: values.MEDIAGUARD_VAULT_ENDPOINT,
    isPathStyle: values.MEDIAGUARD_VAULT_PATH_STYLE === 'true',
  };
}

/** @throws {ConfigError} naming every variable that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const values = parsed.data;
  const apart = faultsOfRole(values);
  if (apart.length > 0) throw new ConfigError(apart);
  return Object.freeze({
    role: values.MEDIAGUARD_ROLE,
    dataFolder: values.MEDIAGUARD_DATA,
    databaseUrl: values.DATABASE_URL,
    host: values.MEDIAGUARD_HOST,
    port: values.MEDIAGUARD_PORT,
    publicUrl: values.MEDIAGUARD_PUBLIC_URL?.replace(/\/+$/, ''),
    masterKey: values.MEDIAGUARD_MASTER_KEY,
    vaultBucket: bucketOf(values),
    maxBytes: values.MEDIAGUARD_MAX_BYTES,
    inlineMaxBytes: Math.min(values.MEDIAGUARD_INLINE_MAX_BYTES, values.MEDIAGUARD_MAX_BYTES),
    workers: values.MEDIAGUARD_WORKERS,
    interactiveWorkers: values.MEDIAGUARD_INTERACTIVE_WORKERS,
    childMaxBytes: values.MEDIAGUARD_CHILD_MEMORY_MB * MEBIBYTE,
    queueLimit: values.MEDIAGUARD_QUEUE_LIMIT,
    tenantRate: values.MEDIAGUARD_TENANT_RATE,
    tenantUploads: values.MEDIAGUARD_TENANT_UPLOADS,
    tenantDailyQuota: values.MEDIAGUARD_TENANT_DAILY_QUOTA,
    tenantBudgetMicros:
      values.MEDIAGUARD_TENANT_BUDGET_USD === undefined
        ? undefined
        : Math.round(values.MEDIAGUARD_TENANT_BUDGET_USD * MICROS_PER_DOLLAR),
    tokenIssuersFile: values.MEDIAGUARD_TOKEN_ISSUERS,
    verifyTimeoutMs: values.MEDIAGUARD_VERIFY_TIMEOUT_MS,
    maxAttempts: values.MEDIAGUARD_MAX_ATTEMPTS,
    retryBaseMs: values.MEDIAGUARD_RETRY_BASE_MS,
    leaseMs: values.MEDIAGUARD_LEASE_MS,
    retentionDays: values.MEDIAGUARD_RETENTION_DAYS,
    shutdownMs: values.MEDIAGUARD_SHUTDOWN_MS,
    trustAnchors: values.MEDIAGUARD_TRUST_ANCHORS,
    trustLists: values.MEDIAGUARD_TRUST_LISTS,
    documentTrustAnchors: values.MEDIAGUARD_DOCUMENT_TRUST_ANCHORS,
    models: values.MEDIAGUARD_MODELS ?? [],
    ffmpeg: values.MEDIAGUARD_FFMPEG,
    salesforceOrgsFile: values.MEDIAGUARD_SALESFORCE_ORGS,
    computeUsdPerHour: values.MEDIAGUARD_COMPUTE_USD_PER_HOUR,
    driftEveryHours: values.MEDIAGUARD_DRIFT_EVERY_HOURS,
    drift: Object.freeze({
      days: values.MEDIAGUARD_DRIFT_DAYS,
      referenceDays: values.MEDIAGUARD_DRIFT_REFERENCE_DAYS,
      psi: values.MEDIAGUARD_DRIFT_PSI,
      least: values.MEDIAGUARD_DRIFT_LEAST,
    }),
    logLevel: values.MEDIAGUARD_LOG_LEVEL,
  });
}
