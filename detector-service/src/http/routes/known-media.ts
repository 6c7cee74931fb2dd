/** The registry of media that people of the tenant have decided on. */
import express, { Router } from 'express';

import type { KnownMedia } from '../../store/known-media.js';
import { callerOf, requireScope } from '../auth.js';
import { askForBody } from '../body/continue.js';
import type { ServiceParts } from '../parts.js';
import { methodNotAllowed, notFound, ProblemError } from '../problems.js';
import {
  knownMediaQuerySchema,
  knownMediaRemovalSchema,
  knownMediaRequestSchema,
  type KnownMediaPageResource,
  type KnownMediaResource,
} from '../schemas/known-media.js';
import { parseInput } from '../validation.js';

const json = express.json({ limit: '256kb', inflate: false });

export function knownMediaRoutes({ knownMedia, log }: ServiceParts): Router {
  const router = Router();
  router
    .route('/')
    .get(requireScope('known-media:read'), async (request, response) => {
      const query = parseInput(knownMediaQuerySchema, request.query, 'query');
      const entries = await knownMedia.list(callerOf(request).tenantId, {
        limit: query.limit,
        ...(query.standing && { standing: query.standing }),
        ...(query.before && { before: query.before }),
      });
      const answer: KnownMediaPageResource = {
        entries: entries.map(toKnownMediaResource),
        next: entries.length === query.limit ? (entries.at(-1)?.id ?? null) : null,
      };
      response.json(answer);
    })
    .post(requireScope('known-media:write'), askForBody, json, async (request, response) => {
      const input = parseInput(knownMediaRequestSchema, request.body, 'body');
      const entry = await knownMedia
        .put(callerOf(request).tenantId, {
          ...input,
          verificationId: null,
          fingerprints: input.fingerprints ?? [],
        })
        .catch((error: unknown) => {
          if (error instanceof RangeError) throw unusableFingerprint(error);
          throw error;
        });
      log.info({ event: 'known_media.added', id: entry.id, standing: entry.standing });
      response.json(toKnownMediaResource(entry));
    })
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/:sha256')
    .delete(requireScope('known-media:write'), async (request, response) => {
      const { sha256 } = parseInput(knownMediaRemovalSchema, request.params, 'path');
      if (!(await knownMedia.remove(callerOf(request).tenantId, sha256))) throw notFound();
      log.info({ event: 'known_media.removed', keyId: callerOf(request).keyId });
      response.status(204).end();
    })
    .all(methodNotAllowed('DELETE'));
  return router;
}

export function toKnownMediaResource(entry: KnownMedia): KnownMediaResource {
  return {
    id: entry.id,
    standing: entry.standing,
    sha256: entry.sha256,
    verificationId: entry.verificationId,
    reason: entry.reason,
    addedBy: entry.addedBy,
    addedAt: entry.addedAt.toISOString(),
    fingerprints: [...entry.fingerprints],
  };
}

function unusableFingerprint(error: RangeError): ProblemError {
  return new ProblemError(
    422,
    'request.invalid',
    error.message,
    'Send fingerprints as an export of a registry holds them, or none.',
  );
}
