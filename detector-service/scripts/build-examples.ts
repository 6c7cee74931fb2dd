/**
 * Writes `openapi/examples`: what the service is sent and answers, as it takes and gives it, with attestations that really verify against
 * `test-keys.json`. Tests of the service and of the Salesforce package read the same files. Run by `npm run generate`.
 */
import { writeFile } from 'node:fs/promises';

import { EXHAUSTED } from '../src/jobs/worker.js';
import { toResource } from '../src/http/resource.js';
import type { Problem } from '../src/http/schemas/service.js';
import type { VerificationRecord } from '../src/store/records.js';
import { signAttestation } from '../src/trust/attestation.js';
import type { Signer } from '../src/trust/signing-keys.js';
import { CLEAR, SYNTHETIC, TAMPERED, type ExampleOutcome } from './examples/outcomes.js';
import { KNOWN_MEDIA_EXAMPLES } from './examples/known-media.js';
import { withKeptAttestation } from './examples/kept-attestation.js';
import { loadTestKeys, signerOf } from './examples/test-key.js';

const FOLDER = new URL('../openapi/examples/', import.meta.url);
const ISSUER = 'https://detector.example.com';
const CREATED = new Date('2026-01-15T09:30:00Z');
const COMPLETED = new Date('2026-01-15T09:30:01Z');
/** Tests must not fail because time passes. */
const EXPIRES = new Date('2099-12-31T00:00:00Z');
const CONTENT_VERSION_ID = '068000000000001AAA';

const base: VerificationRecord = {
  id: 'ver_00000000000000000000000000000001',
  tenantId: 'example',
  status: 'queued',
  createdAt: CREATED,
  completedAt: null,
  fingerprint: CLEAR.outcome.media.sha256,
  context: { externalId: CONTENT_VERSION_ID, fileName: 'photo.jpg', declaredType: 'image/jpeg' },
  source: { type: 'upload' },
  media: CLEAR.outcome.media,
  blobId: null,
  outcome: null,
  attestation: null,
  costMicros: null,
  costStages: {},
  heldReason: null,
  problem: null,
  evidence: [],
  decision: null,
};

function idOf(number: number): string {
  return `ver_${String(number).padStart(32, '0')}`;
}

async function complete(
  signer: Signer,
  number: number,
  { outcome, evidence }: ExampleOutcome,
): Promise<VerificationRecord> {
  const { sha256, md5, sizeBytes } = outcome.media;
  const { verdict, score, models } = outcome;
  const externalId = CONTENT_VERSION_ID;
  return {
    ...base,
    id: idOf(number),
    status: 'complete',
    completedAt: COMPLETED,
    media: { sha256, md5, sizeBytes },
    outcome,
    costMicros: 6,
    costStages: {},
    heldReason: null,
    evidence: evidence.map(({ bytes, ...piece }) => ({
      ...piece,
      sizeBytes: bytes.length,
      blobId: '',
    })),
    attestation: await signAttestation(
      signer,
      { verificationId: idOf(number), externalId, sha256, md5, sizeBytes, verdict, score, models },
      { issuer: ISSUER, issuedAt: COMPLETED, expiresAt: EXPIRES },
    ),
  };
}

function problem(
  status: number,
  title: string,
  code: string,
  detail: string,
  next: string,
): Problem {
  return {
    type: `urn:mediaguard:problem:${code}`,
    title,
    status,
    code,
    detail,
    next,
    requestId: 'req_00000000000000000000000000000001',
  };
}

const keys = await loadTestKeys(new URL('test-keys.json', FOLDER));
const signer = await signerOf(keys);
const sendAgain =
  'Send the request again after the time in Retry-After, with the same Idempotency-Key.';
const examples: Readonly<Record<string, unknown>> = {
  clear: toResource(await complete(signer, 1, CLEAR)),
  synthetic: toResource(await complete(signer, 2, SYNTHETIC)),
  tampered: toResource(await complete(signer, 3, TAMPERED)),
  queued: toResource({ ...base, id: idOf(4) }),
  failed: toResource({
    ...base,
    id: idOf(5),
    status: 'failed',
    completedAt: COMPLETED,
    problem: EXHAUSTED,
  }),
  refused: toResource({
    ...base,
    id: idOf(6),
    status: 'failed',
    completedAt: COMPLETED,
    problem: {
      code: 'media.too_many_pixels',
      detail: 'Expected at most 100000000 pixels but the picture has 900000000.',
      next: 'Judge the media by hand, or send it in a supported form and size.',
      isRetryable: false,
    },
  }),
  'problem-media-refused': problem(
    422,
    'Not processable',
    'media.too_many_pixels',
    'Expected at most 100000000 pixels but the picture has 900000000.',
    'Do not send the same bytes again: judge the media by hand, or send it in a supported form and size.',
  ),
  'problem-too-large': problem(
    413,
    'Too large',
    'media.too_large',
    'Expected at most 2000000000 bytes but received more.',
    'Do not send the same bytes again: judge the media by hand, or send it in a supported form and size.',
  ),
  'problem-unauthorized': problem(
    401,
    'Not authenticated',
    'auth.required',
    'The API key is not known, or was revoked.',
    'Send a live API key; make one with: npx mediaguard keys create',
  ),
  'problem-rate': problem(
    429,
    'Too many requests',
    'limit.rate',
    'Too many requests in a short time.',
    sendAgain,
  ),
  'problem-queue-full': problem(
    503,
    'Unavailable',
    'queue.full',
    'More work is waiting than the service may hold.',
    sendAgain,
  ),
  'problem-idempotency': problem(
    422,
    'Not processable',
    'idempotency.conflict',
    'This Idempotency-Key was used before, for other media.',
    'Use a new key for new bytes; use the same key only to send the same bytes again.',
  ),
  ...KNOWN_MEDIA_EXAMPLES,
  'problem-known-media-missing': problem(
    404,
    'Not found',
    'resource.not_found',
    'Nothing stands at this address for this API key.',
    'Check the id; the list of addresses is at /openapi.json.',
  ),
  'problem-known-media-invalid': problem(
    422,
    'Not processable',
    'request.invalid',
    'path.sha256: Invalid string: must match pattern /^[0-9a-f]{64}$/',
    'Correct the fields named; the contract is at /openapi.json.',
  ),
};

for (const [name, example] of Object.entries(examples)) {
  const file = new URL(`${name}.json`, FOLDER);
  const content = await withKeptAttestation(file, example);
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}
