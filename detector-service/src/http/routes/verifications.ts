/** `/v1/verifications`: take media in, tell how it stands, hand out evidence, take decisions. */
import { Router, type Request, type Response } from 'express';

import { reuseKeyOf } from '../../jobs/attempt.js';
import { inSpan, presentTrace } from '../../ops/tracing.js';
import { DatabaseUnavailableError } from '../../store/database.js';
import type { Lane, VerificationRecord } from '../../store/records.js';
import { callerOf, requireScope } from '../auth.js';
import { askForBody } from '../body/continue.js';
import { checkBodyHeaders, jsonParser, receive } from '../body/receive.js';
import type { Received } from '../body/received.js';
import { readIdempotencyKey } from '../idempotency.js';
import { IntakeTurns } from '../intake-turns.js';
import { readLane } from '../lane.js';
import { limitQuota, limitUploads } from '../limiter.js';
import type { ServiceParts } from '../parts.js';
import { readPreference, type Preference } from '../prefer.js';
import { mediaProblem, methodNotAllowed, notFound } from '../problems.js';
import { toResource } from '../resource.js';
import { hasEnded, waitForEnd } from '../wait.js';

const DEFAULT_WAIT_SECONDS = 2;
const RETRY_AFTER_SECONDS = '2';

export function verificationRoutes(parts: ServiceParts): Router {
  const { config, tenants } = parts;
  const router = Router();
  const turns = new IntakeTurns();
  router
    .route('/')
    .post(
      requireScope('verifications:write'),
      limitQuota(tenants),
      limitUploads(tenants),
      checkBodyHeaders(config.maxBytes),
      askForBody,
      jsonParser(config.inlineMaxBytes),
      (request, response) => create(parts, turns, request, response),
    )
    .all(methodNotAllowed('POST'));
  router
    .route('/:id')
    .get(requireScope('verifications:read'), async (request, response) => {
      const preference = readPreference(request.get('Prefer'), 0);
      const standing = await findOwn(parts, request);
      const verification = await waitForEnd(parts, standing, preference.waitMs, response);
      if (!hasEnded(verification)) response.set('Retry-After', RETRY_AFTER_SECONDS);
      setApplied(response, preference);
      response.json(toResource(verification));
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/:id/evidence/:name')
    .get(requireScope('verifications:read'), async (request, response) => {
      const { evidence } = await findOwn(parts, request);
      const piece = evidence.find(({ name }) => name === request.params['name']);
      if (!piece) throw notFound();
      const bytes = await parts.vault.read(piece.blobId);
      response
        .set({
          'Content-Type': piece.mediaType,
          'Content-Disposition': 'inline',
          'Cache-Control': 'private, max-age=3600, immutable',
        })
        .send(bytes);
    })
    .all(methodNotAllowed('GET'));
  return router;
}

async function create(
  parts: ServiceParts,
  turns: IntakeTurns,
  request: Request,
  response: Response,
): Promise<void> {
  const idempotencyKey = readIdempotencyKey(request.get('Idempotency-Key'));
  const preference = readPreference(request.get('Prefer'), DEFAULT_WAIT_SECONDS);
  const lane = readLane(request.get('MediaGuard-Lane'), preference);
  await turns.serve(
    lane,
    () => take(parts, request, idempotencyKey, lane),
    (taken) => answer(parts, taken, preference, response),
  );
}

/** Media that came, and the verification that it became. */
interface Taken {
  readonly received: Received;
  readonly accepted: VerificationRecord;
}

async function take(
  parts: ServiceParts,
  request: Request,
  idempotencyKey: string | undefined,
  lane: Lane,
): Promise<Taken> {
  const received = await inSpan('mediaguard.receive', () =>
    receive(request, {
      vault: parts.vault,
      orgs: parts.orgs,
      maxBytes: parts.config.maxBytes,
      inlineMaxBytes: parts.config.inlineMaxBytes,
    }),
  );
  const { tenantId } = callerOf(request);
  const accepted = await inSpan('mediaguard.accept', async (span) => {
    const verification = await accept(parts, tenantId, received, idempotencyKey, lane);
    span.setAttributes({ 'mediaguard.verification_id': verification.id, 'mediaguard.lane': lane });
    return verification;
  });
  return { received, accepted };
}

async function answer(
  parts: ServiceParts,
  { received, accepted }: Taken,
  preference: Preference,
  response: Response,
): Promise<void> {
  const waitMs =
    received.source.type === 'salesforce' && !preference.applied ? 0 : preference.waitMs;
  const verification = await waitForEnd(parts, accepted, waitMs, response);
  if (!hasEnded(verification)) await promiseVerdict(parts, verification);
  respond(response, verification, preference);
}

/** An id of a ContentVersion: what the package names media by. */
const CONTENT_VERSION = /^068[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/;

/** Before the answer says "later": the verdict will be brought to the org it belongs to. */
async function promiseVerdict(
  { orgs, deliveries }: ServiceParts,
  { id, tenantId, source, context }: VerificationRecord,
): Promise<void> {
  if (!CONTENT_VERSION.test(context.externalId ?? '')) return;
  const org = orgs.expecting(tenantId, source.type === 'salesforce' ? source.orgId : undefined);
  if (org) await deliveries.promise(id, tenantId, org.orgId);
}

/** Commits the work; the bytes just stored are dropped again when they are certainly not needed. */
async function accept(
  parts: ServiceParts,
  tenantId: string,
  { context, source, media }: Received,
  idempotencyKey: string | undefined,
  lane: Lane,
): Promise<VerificationRecord> {
  try {
    const { verification, isNew } = await parts.store.accept(
      {
        tenantId,
        lane,
        trace: presentTrace(),
        idempotencyKey,
        context,
        source,
        media,
        budgetMicros: parts.config.tenantBudgetMicros,
        dailyQuota: (await parts.tenants.limitsOf(tenantId)).dailyQuota,
        fingerprint: media?.sha256 ?? JSON.stringify(source),
        reuseKey: media && reuseKeyOf(media.sha256, context, parts.lineups.rulesetOf(media.sha256)),
      },
      parts.room,
    );
    if (media && verification.blobId !== media.blobId) await parts.vault.remove(media.blobId);
    if (isNew && media) parts.metrics.receivedBytes.inc(media.sizeBytes);
    return verification;
  } catch (error) {
    // A commit that was cut off may have gone through, and then these bytes are needed; else the sweep removes them.
    const isCertain = !(error instanceof DatabaseUnavailableError);
    if (media && isCertain) await parts.vault.remove(media.blobId);
    throw error;
  }
}

function respond(
  response: Response,
  verification: VerificationRecord,
  preference: Preference,
): void {
  const location = `/v1/verifications/${verification.id}`;
  setApplied(response, preference);
  if (!hasEnded(verification)) {
    response.status(202).set({ Location: location, 'Retry-After': RETRY_AFTER_SECONDS });
  } else if (verification.problem && !verification.problem.isRetryable) {
    throw mediaProblem(verification.problem.code, verification.problem.detail, verification.id);
  } else {
    response.status(200).set('Content-Location', location);
  }
  response.json(toResource(verification));
}

function setApplied(response: Response, { applied }: Preference): void {
  if (applied) response.set('Preference-Applied', applied);
}

/** The verification at this address, if it is the caller's. */
export async function findOwn(parts: ServiceParts, request: Request): Promise<VerificationRecord> {
  const id = request.params['id'];
  if (typeof id !== 'string') throw notFound();
  const verification = await parts.store.find(callerOf(request).tenantId, id);
  if (!verification) throw notFound();
  return verification;
}
