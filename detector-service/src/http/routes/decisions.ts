/** A person's decision comes back, and with it what may leave: release tokens. */
import express, { Router } from 'express';
import type { z } from 'zod';

import type { VerificationRecord } from '../../store/records.js';
import { signReleaseToken } from '../../trust/attestation.js';
import { callerOf, requireScope } from '../auth.js';
import { askForBody } from '../body/continue.js';
import type { ServiceParts } from '../parts.js';
import { methodNotAllowed, notFound, ProblemError } from '../problems.js';
import { toResource } from '../resource.js';
import { releaseTokenRequestSchema, type ReleaseTokenResource } from '../schemas/service.js';
import { decisionRequestSchema } from '../schemas/verification.js';
import { parseInput } from '../validation.js';
import { hasEnded } from '../wait.js';
import { findOwn } from './verifications.js';

const smallJson = express.json({ limit: '64kb', inflate: false });
const DEFAULT_TTL_SECONDS = 300;

export function decisionRoutes(parts: ServiceParts): Router {
  const router = Router({ mergeParams: true });
  router
    .route('/:id/decision')
    .post(requireScope('decisions:write'), askForBody, smallJson, async (request, response) => {
      const input = parseInput(decisionRequestSchema, request.body, 'body');
      const verification = await findOwn(parts, request);
      if (!hasEnded(verification)) {
        throw new ProblemError(
          409,
          'decision.too_early',
          'The verification has not ended, so there is nothing to decide on.',
          'Wait until its status is complete or failed.',
        );
      }
      await parts.store.decide(verification.id, {
        ...input,
        decidedAt: new Date(input.decidedAt),
      });
      await keepAsKnown(parts, verification, input);
      parts.log.info({
        event: 'decision.recorded',
        id: verification.id,
        decision: input.decision,
        requestId: request.id,
      });
      response.json(toResource(await findOwn(parts, request)));
    })
    .all(methodNotAllowed('POST'));
  return router;
}

/** The decision holds for these bytes from now on, and one that confirms a fake for its copies too. */
async function keepAsKnown(
  { knownMedia }: ServiceParts,
  { id, tenantId, media, outcome }: VerificationRecord,
  { decision, reason, decidedBy }: z.infer<typeof decisionRequestSchema>,
): Promise<void> {
  if (!media) return;
  await knownMedia.put(tenantId, {
    standing: decision === 'confirm_fake' ? 'fake' : 'genuine',
    sha256: media.sha256,
    verificationId: id,
    reason,
    addedBy: decidedBy,
    fingerprints: outcome?.fingerprints ?? [],
  });
}

export function releaseTokenRoutes(parts: ServiceParts): Router {
  const router = Router();
  router
    .route('/')
    .post(
      requireScope('release-tokens:write'),
      askForBody,
      smallJson,
      async (request, response) => {
        const input = parseInput(releaseTokenRequestSchema, request.body, 'body');
        const verification = await parts.store.find(
          callerOf(request).tenantId,
          input.verificationId,
        );
        if (!verification) throw notFound();
        const issuedAt = new Date();
        const ttlMs = (input.ttlSeconds ?? DEFAULT_TTL_SECONDS) * 1000;
        const expiresAt = new Date(issuedAt.getTime() + ttlMs);
        const token = await signReleaseToken(
          await parts.keys.current(),
          { ...releaseOf(verification), audience: input.audience },
          { issuer: parts.issuer(), issuedAt, expiresAt },
        );
        const answer: ReleaseTokenResource = { token, expiresAt: expiresAt.toISOString() };
        response.set('Cache-Control', 'no-store').json(answer);
      },
    )
    .all(methodNotAllowed('POST'));
  return router;
}

/** A decision outweighs the verdict, in both directions. */
function releaseOf(verification: VerificationRecord) {
  const { id, outcome, decision, media, context } = verification;
  const isCleared = outcome?.verdict === 'clear' || outcome?.verdict === 'authentic';
  const isReleased = decision?.decision === 'release';
  const mayLeave = decision ? isReleased : isCleared;
  if (!mayLeave || !media) {
    throw new ProblemError(
      409,
      'release.not_cleared',
      'This media may not leave: it is neither cleared by its verdict nor released by a reviewer.',
      'Wait for the verdict, or have a reviewer decide on it.',
    );
  }
  return {
    verificationId: id,
    externalId: context.externalId ?? null,
    sha256: media.sha256,
    verdict: outcome?.verdict ?? ('not_evaluated' as const),
    ground: isReleased ? ('released' as const) : ('cleared' as const),
  };
}
