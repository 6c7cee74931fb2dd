/** The shapes of everything but verifications. */
import { z } from 'zod';

export const problemSchema = z
  .object({
    type: z.string().describe('A URI that names the kind of problem.'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable and dotted, such as media.too_large.'),
    detail: z.string(),
    next: z.string().describe('What to do.'),
    requestId: z.string(),
    verificationId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type Problem = z.infer<typeof problemSchema>;

export const releaseTokenRequestSchema = z
  .object({
    verificationId: z.string().min(1).max(64),
    audience: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The system the token is for; becomes the aud claim.'),
    ttlSeconds: z
      .int()
      .min(10)
      .max(3600)
      .optional()
      .describe('Life of the token; 300 unless said.'),
  })
  .meta({ id: 'ReleaseTokenRequest' });

export const releaseTokenSchema = z
  .object({
    token: z.string().describe('Compact JWS (ES256), typ mediaguard-release+jwt.'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'ReleaseToken' });
export type ReleaseTokenResource = z.infer<typeof releaseTokenSchema>;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const usageQuerySchema = z.object({ from: day.optional(), to: day.optional() });

const usageRow = z
  .object({
    day: z.string(),
    verdict: z.string(),
    verifications: z.int(),
    bytes: z.int(),
    costMicros: z.int(),
  })
  .meta({ id: 'UsageRow' });
const stageRow = z
  .object({ stage: z.string(), verifications: z.int(), costMicros: z.int() })
  .meta({ id: 'UsageStage' });
const usageMonth = z
  .object({
    month: z.string().describe('YYYY-MM, UTC.'),
    spentMicros: z.int(),
    forecastMicros: z.int().describe('At the end of the month, at the pace of the last week.'),
    budgetMicros: z.int().nullable().describe('Null: no bound.'),
    held: z.int().describe('Verifications held because the budget is spent.'),
  })
  .meta({ id: 'UsageMonth' });
export const usageSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    currency: z.literal('USD'),
    days: z.array(usageRow),
    stages: z.array(stageRow),
    month: usageMonth,
  })
  .meta({ id: 'Usage' });
export type UsageResource = z.infer<typeof usageSchema>;

const model = z
  .object({
    id: z.string(),
    version: z.string(),
    sha256: z.string().describe('Of the ONNX file.'),
    state: z
      .enum(['active', 'canary', 'shadow'])
      .describe('active judges; canary judges a share; shadow is measured and judges nothing.'),
    card: z.string(),
  })
  .meta({ id: 'Model' });
export const modelsSchema = z.object({ models: z.array(model) }).meta({ id: 'Models' });
export type ModelsResource = z.infer<typeof modelsSchema>;

const jwk = z
  .object({
    kty: z.string(),
    crv: z.string(),
    x: z.string(),
    y: z.string(),
    kid: z.string(),
    alg: z.string(),
    use: z.string(),
  })
  .meta({ id: 'PublicKey', description: 'An EC P-256 public key (RFC 7517).' });
export const jwksSchema = z.object({ keys: z.array(jwk) }).meta({ id: 'PublicKeySet' });

const check = z.object({ name: z.string(), isReady: z.boolean() }).meta({ id: 'ReadinessCheck' });
export const readinessSchema = z
  .object({ isReady: z.boolean(), checks: z.array(check) })
  .meta({ id: 'Readiness' });
export type ReadinessResource = z.infer<typeof readinessSchema>;

export const healthSchema = z
  .object({ status: z.literal('ok'), version: z.string() })
  .meta({ id: 'Health' });
export type HealthResource = z.infer<typeof healthSchema>;
