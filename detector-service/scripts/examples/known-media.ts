/** What a registry of decided media is sent and answers with. */
import { toKnownMediaResource } from '../../src/http/routes/known-media.js';
import type {
  knownMediaRequestSchema,
  KnownMediaPageResource,
} from '../../src/http/schemas/known-media.js';
import { encodePictureFingerprint } from '../../src/intake/fingerprints/picture-text.js';
import type { KnownMedia } from '../../src/store/known-media.js';
import type { z } from 'zod';

const FAKE_SHA256 = 'fa'.repeat(32);
const GENUINE_SHA256 = '9e'.repeat(32);

/** A hash of the whole and of one patch, as those of a picture, though of none. */
const FINGERPRINT = encodePictureFingerprint({
  whole: Uint8Array.from({ length: 32 }, (_, i) => (i * 37) % 256),
  patches: [{ x: 128, y: 96, radius: 24.5, hash: Uint8Array.of(1, 2, 4, 8, 16, 32, 64, 128) }],
});

const request: z.infer<typeof knownMediaRequestSchema> = {
  standing: 'fake',
  sha256: FAKE_SHA256,
  reason: 'Confirmed by two reviewers: the invoice number was replaced.',
  addedBy: 'reviewer@example.com',
  fingerprints: [{ kind: 'image', value: FINGERPRINT }],
};

const added: KnownMedia = {
  id: 'known_00000000000000000000000000000002',
  standing: request.standing,
  sha256: request.sha256,
  verificationId: null,
  reason: request.reason,
  addedBy: request.addedBy,
  addedAt: new Date('2026-01-15T09:30:00Z'),
  fingerprints: request.fingerprints ?? [],
};

/** By a reviewer's decision on a verification, and of a file without pictures. */
const decided: KnownMedia = {
  id: 'known_00000000000000000000000000000001',
  standing: 'genuine',
  sha256: GENUINE_SHA256,
  verificationId: 'ver_00000000000000000000000000000003',
  reason: 'The sender confirmed it by telephone.',
  addedBy: 'reviewer@example.com',
  addedAt: new Date('2026-01-14T16:05:00Z'),
  fingerprints: [],
};

const page: KnownMediaPageResource = {
  entries: [added, decided].map(toKnownMediaResource),
  next: null,
};

/** By the names of their files. */
export const KNOWN_MEDIA_EXAMPLES: Readonly<Record<string, unknown>> = {
  'known-media-request': request,
  'known-media-entry': toKnownMediaResource(added),
  'known-media-page': page,
};
