/** A pipeline whose answers the test sets. It reads the bytes it is given, so storage and decryption are really exercised. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type {
  HeldMedia,
  VerificationContext,
  VerificationOutcome,
  VerificationPipeline,
} from '../../src/verdict/types.js';
import { CLEAR } from '../../scripts/examples/outcomes.js';

export type Script = (
  media: HeldMedia,
  context: VerificationContext,
  signal: AbortSignal,
) => Promise<VerificationOutcome>;

export interface ScriptedPipeline extends VerificationPipeline {
  script: Script;
  readonly calls: HeldMedia[];
}

export function scriptedPipeline(): ScriptedPipeline {
  const calls: HeldMedia[] = [];
  return {
    calls,
    script: clearOutcome,
    models: [
      {
        id: 'image-generated',
        version: '1.0.0',
        sha256: 'a'.repeat(64),
        configurationSha256: 'b'.repeat(64),
        card: 'A test model.',
      },
    ],
    trustList: null,
    documentTrustList: null,
    async verify(media, context, signal) {
      calls.push(media);
      const sha256 = createHash('sha256')
        .update(await readFile(media.path))
        .digest('hex');
      if (sha256 !== media.sha256) throw new Error('The bytes are not those that were sent.');
      return this.script(media, context, signal);
    },
    close: () => Promise.resolve(),
  };
}

/** Clear, with one picture as evidence. */
export const clearOutcome: Script = (media, context) =>
  Promise.resolve({
    ...CLEAR.outcome,
    media: {
      ...CLEAR.outcome.media,
      sha256: media.sha256,
      md5: media.md5,
      sizeBytes: media.sizeBytes,
      declaredType: context.declaredType ?? null,
    },
    evidence: [
      {
        kind: 'preview',
        name: 'preview.jpg',
        mediaType: 'image/jpeg',
        bytes: Buffer.from('preview bytes'),
      },
    ],
  });
