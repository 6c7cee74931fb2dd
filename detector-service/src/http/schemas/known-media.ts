/** The shapes of the registry of decided media. */
import { z } from 'zod';

import { FINGERPRINT_KINDS } from '../../intake/fingerprints/fingerprint.js';
import { STANDINGS } from '../../store/known-media.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const fingerprint = z
  .object({ kind: z.enum(FINGERPRINT_KINDS), value: z.string().min(3).max(16_384) })
  .meta({ id: 'Fingerprint', description: 'Recognises copies; versioned text of the service.' });

const reason = z.string().min(1).max(2000);
const addedBy = z.string().min(1).max(255);

export const knownMediaRequestSchema = z
  .object({
    standing: z.enum(STANDINGS),
    sha256: sha256.describe('Of the bytes, in lower-case hex.'),
    reason,
    addedBy,
    fingerprints: z
      .array(fingerprint)
      .max(8)
      .optional()
      .describe('As an export of a registry holds them; without, only identical bytes are known.'),
  })
  .meta({ id: 'KnownMediaRequest' });

export const knownMediaSchema = z
  .object({
    id: z.string(),
    standing: z.enum(STANDINGS),
    sha256,
    verificationId: z.string().nullable(),
    reason,
    addedBy,
    addedAt: z.iso.datetime(),
    fingerprints: z.array(fingerprint),
  })
  .meta({ id: 'KnownMedia', description: 'Media that people have decided on.' });
export type KnownMediaResource = z.infer<typeof knownMediaSchema>;

export const knownMediaPageSchema = z
  .object({
    entries: z.array(knownMediaSchema),
    next: z.string().nullable().describe('Send it as before to get older entries.'),
  })
  .meta({ id: 'KnownMediaPage' });
export type KnownMediaPageResource = z.infer<typeof knownMediaPageSchema>;

export const knownMediaQuerySchema = z.object({
  standing: z.enum(STANDINGS).optional(),
  before: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const knownMediaRemovalSchema = z.object({ sha256 });
