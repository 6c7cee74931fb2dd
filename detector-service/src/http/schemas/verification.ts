/**
 * The shapes of the HTTP contract. They check requests, type the answers, and are the single source of the OpenAPI file.
 * Facts that are not known yet are `null`; objects that do not exist yet are left out.
 */
import { z } from 'zod';

import { DECISIONS, STATUSES } from '../../store/records.js';
import { EVIDENCE_KINDS, SEVERITIES, VERDICTS } from '../../verdict/types.js';
import type { VerificationContext } from '../../verdict/types.js';

const text = (maximum: number) => z.string().min(1).max(maximum);
const instant = z.iso.datetime({ offset: true });
const score = z.number().min(0).max(1).nullable();

export const contextSchema = z
  .object({
    externalId: text(255)
      .nullish()
      .describe(
        "The caller's id of these bytes, such as a ContentVersion id. Bound into the attestation.",
      ),
    fileName: text(512).nullish(),
    declaredType: text(255).nullish().describe('Media type the sender claims.'),
    sourceApplication: text(255).nullish(),
    channelKeyId: text(255)
      .nullish()
      .describe('Key id of the trusted channel that signed the media.'),
    signature: text(4096).nullish().describe("The trusted channel's signature."),
    capturedAt: instant.nullish(),
    uploadedBy: text(255).nullish(),
  })
  .meta({
    id: 'VerificationContext',
    description: 'What the caller says of the media. All of it is untrusted.',
  });

/** A field sent as null says as little as one left out. */
export function toContext(input: z.infer<typeof contextSchema>): VerificationContext {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}

const salesforceSource = z.object({
  type: z.literal('salesforce'),
  contentVersionId: z.string().regex(/^068[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/),
  orgId: z
    .string()
    .regex(/^00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/)
    .optional(),
});
const inlineSource = z.object({
  type: z.literal('inline'),
  base64: z.base64().min(1),
});

/** What a JSON body must be. In the OpenAPI file it is one flat schema, for readers without discriminated unions. */
export const sourceRequestSchema = z.object({
  source: z.discriminatedUnion('type', [salesforceSource, inlineSource]),
  context: contextSchema.nullish(),
});

export const publishedSourceSchema = z
  .object({
    type: z.enum(['salesforce', 'inline']),
    contentVersionId: z
      .string()
      .optional()
      .describe(
        'With type salesforce: the ContentVersion whose bytes the service pulls from the registered org.',
      ),
    orgId: z
      .string()
      .optional()
      .describe('With type salesforce: which registered org, where the key may use several.'),
    base64: z.string().optional().describe('With type inline: the bytes in base64.'),
  })
  .meta({ id: 'MediaSource', description: 'Where the bytes are.' });

export const publishedRequestSchema = z
  .object({ source: publishedSourceSchema, context: contextSchema.optional() })
  .meta({ id: 'VerificationRequest', description: 'Media to verify, by reference or in base64.' });

const mediaFacts = z
  .object({
    sha256: z.string(),
    md5: z.string(),
    sizeBytes: z.int(),
    mediaType: z.string().nullable().describe('By content, never by name; null until judged.'),
    declaredType: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    durationSeconds: z.number().nullable(),
    perceptualHash: z.string().nullable().describe('64-bit pHash in hex.'),
  })
  .meta({ id: 'MediaFacts' });

const evidenceLink = z
  .object({ kind: z.enum(EVIDENCE_KINDS), name: z.string(), href: z.string() })
  .meta({ id: 'EvidenceLink' });

const evidenceItem = z
  .object({
    kind: z.enum(EVIDENCE_KINDS),
    name: z
      .string()
      .describe(
        'Unique within the verification. That of a heat map ends with the id of the model that spoke: `heatmap-image-edited.jpg`.',
      ),
    mediaType: z.string(),
    sizeBytes: z.int(),
    href: z.string().describe('Path of the bytes, relative to the service.'),
  })
  .meta({ id: 'EvidenceItem' });

const finding = z
  .object({
    code: z.string().describe('Stable and dotted, such as c2pa.ai_generated.'),
    severity: z.enum(SEVERITIES),
    title: z.string(),
    detail: z.string(),
    detector: z.string(),
    detectorVersion: z.string(),
    score: score.describe('Probability where the finding is statistical; null where it is a fact.'),
    evidence: z.array(evidenceLink),
  })
  .meta({ id: 'Finding', description: 'One reason for the verdict.' });

const c2paIngredient = z
  .object({
    title: z.string().nullable(),
    relationship: z.string().nullable().describe('Such as parentOf or componentOf.'),
    state: z
      .enum(['valid', 'broken', 'absent', 'unreadable'])
      .describe("Of the ingredient's own credentials."),
    signer: z.string().nullable(),
    digitalSourceTypes: z.array(z.string()),
  })
  .meta({ id: 'C2paIngredient', description: 'Something the media was made from.' });

const c2paAction = z
  .object({
    action: z.string().describe('Such as c2pa.created.'),
    digitalSourceType: z.string().nullable(),
    softwareAgent: z.string().nullable(),
  })
  .meta({ id: 'C2paAction', description: 'One step in the making of the media.' });

const c2paIdentity = z
  .object({
    state: z.enum(['present', 'validated', 'needs_network', 'invalid']),
    names: z.array(z.string()),
  })
  .meta({ id: 'C2paIdentity', description: 'Who says to stand behind the media (CAWG).' });

const c2paReport = z
  .object({
    state: z.enum(['absent', 'valid', 'broken', 'remote', 'unreadable']),
    trust: z.enum(['trusted', 'unknown_signer']).nullable(),
    time: z.enum(['current', 'expired', 'untimestamped']).nullable(),
    strictness: z.array(z.string()),
    signer: z.string().nullable(),
    claimGenerator: z.string().nullable(),
    digitalSourceTypes: z.array(z.string()).describe('Over all manifests.'),
    manifests: z.int(),
    signedAt: z.string().nullish().describe('As the time stamp or the claim says.'),
    timestampAuthority: z.string().nullish(),
    claimGenerators: z.array(z.string()).optional().describe('Over all manifests.'),
    ingredients: z.array(c2paIngredient).optional(),
    actions: z.array(c2paAction).optional().describe('Those that tell how the media was made.'),
    identity: c2paIdentity.optional(),
    remoteHost: z.string().nullish().describe('With state remote: where the credentials lie.'),
    trustList: z.string().nullish().describe('Which list trust was judged by, with its hash.'),
  })
  .meta({
    id: 'C2paReport',
    description: 'Content Credentials. Fields that are left out were not recorded at the time.',
  });

const signatureReport = z
  .object({ state: z.enum(['none', 'valid', 'invalid', 'unknown_key', 'replayed']) })
  .meta({ id: 'SignatureReport' });

const provenanceReport = z
  .object({
    c2pa: c2paReport,
    digitalSourceType: z.string().nullable(),
    generator: z.string().nullable(),
    camera: z.string().nullable(),
    capturedAt: z.string().nullable().describe('As the media claims it.'),
    signature: signatureReport,
  })
  .meta({ id: 'ProvenanceReport' });

const modelReference = z
  .object({ id: z.string(), version: z.string() })
  .meta({ id: 'ModelReference' });

const timing = z
  .object({
    totalMs: z.number(),
    stages: z.record(z.string(), z.number()).describe('Milliseconds by stage.'),
  })
  .meta({ id: 'Timing' });

const cost = z
  .object({
    micros: z.int().describe('Millionths of the currency.'),
    currency: z.literal('USD'),
    stages: z
      .record(z.string(), z.int())
      .describe('By stage; what is between the stages is in micros only.'),
  })
  .meta({ id: 'Cost' });

const failure = z
  .object({
    code: z.string(),
    detail: z.string(),
    next: z.string().describe('What to do.'),
    isRetryable: z.boolean(),
  })
  .meta({ id: 'Failure', description: 'Why a verification failed.' });

const hold = z
  .object({ reason: z.literal('budget'), detail: z.string() })
  .meta({ id: 'Hold', description: 'Why accepted work waits.' });

export const decisionRequestSchema = z
  .object({
    decision: z.enum(DECISIONS),
    reason: text(4000),
    decidedBy: text(255),
    decidedAt: instant,
  })
  .meta({ id: 'Decision', description: "A reviewer's decision, made in the org." });

export const verificationSchema = z
  .object({
    id: z.string(),
    status: z.enum(STATUSES),
    externalId: z.string().nullable(),
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    verdict: z
      .enum(VERDICTS)
      .nullable()
      .describe('Null until complete; not_evaluated when failed.'),
    score: score.describe(
      'Calibrated probability that the media is synthetic or manipulated; null when not measured.',
    ),
    media: mediaFacts.optional(),
    findings: z.array(finding),
    provenance: provenanceReport.optional(),
    models: z.array(modelReference),
    evidence: z.array(evidenceItem),
    timing: timing.optional(),
    cost: cost.optional(),
    decision: decisionRequestSchema.optional(),
    hold: hold.optional(),
    problem: failure.optional(),
    attestation: z
      .string()
      .nullable()
      .describe('Compact JWS (ES256) over id, hashes, verdict and score. Null until complete.'),
  })
  .meta({ id: 'Verification', description: 'One verification of one set of bytes.' });

export type VerificationResource = z.infer<typeof verificationSchema>;
export type MediaFactsResource = z.infer<typeof mediaFacts>;
