/** What the pipeline says of the media of the examples. */
import { createHash } from 'node:crypto';

import { NO_C2PA } from '../../src/provenance/c2pa-report.js';
import { makeFinding, type Finder } from '../../src/verdict/finding-codes.js';
import { fuse, fusedScore } from '../../src/verdict/fuse.js';
import type {
  C2paReport,
  EvidenceFile,
  Finding,
  VerificationOutcome,
} from '../../src/verdict/types.js';

const PROVENANCE_READER: Finder = { id: 'c2pa', version: '1.0.0' };
const IMAGE_MODEL: Finder = { id: 'image-generated', version: '1.0.0' };

const SIGNED_C2PA: C2paReport = {
  state: 'valid',
  trust: 'unknown_signer',
  time: 'current',
  strictness: [],
  signer: 'Example Signing Authority',
  claimGenerator: 'Example Image Generator 2.1',
  digitalSourceTypes: ['trainedAlgorithmicMedia'],
  manifests: 2,
  signedAt: '2026-01-14T16:21:07+00:00',
  timestampAuthority: 'Example Time Stamping Authority',
  claimGenerators: ['Example Image Generator 2.1'],
  ingredients: [
    {
      title: 'draft.jpg',
      relationship: 'parentOf',
      state: 'valid',
      signer: 'Example Signing Authority',
      digitalSourceTypes: ['trainedAlgorithmicMedia'],
    },
  ],
  actions: [
    {
      action: 'c2pa.created',
      digitalSourceType: 'trainedAlgorithmicMedia',
      softwareAgent: 'Example Image Generator',
    },
  ],
  identity: { state: 'needs_network', names: ['example.com: Jane Doe'] },
  remoteHost: null,
  trustList: `trust store version 3 of 2026-01-10T08:00:00.000Z, sha256:${'4b1c'.repeat(16)}`,
};

export interface ExampleOutcome {
  readonly outcome: Omit<VerificationOutcome, 'evidence'>;
  readonly evidence: readonly EvidenceFile[];
}

function picture(kind: EvidenceFile['kind'], name: string, mediaType: string): EvidenceFile {
  return { kind, name, mediaType, bytes: Buffer.alloc(kind === 'preview' ? 48_213 : 9_120) };
}

const PREVIEW = picture('preview', 'preview.jpg', 'image/jpeg');
const HEATMAP = picture('heatmap', 'heatmap-image-generated.jpg', 'image/jpeg');

function example(
  name: string,
  findings: readonly Finding[],
  c2pa: C2paReport,
  evidence: readonly EvidenceFile[],
): ExampleOutcome {
  const digest = (algorithm: string) => createHash(algorithm).update(name).digest('hex');
  const scores = findings.map(({ score }) => score);
  return {
    evidence,
    outcome: {
      media: {
        sha256: digest('sha256'),
        md5: digest('md5'),
        sizeBytes: 2_481_152,
        mediaType: 'image/jpeg',
        declaredType: 'image/jpeg',
        width: 4032,
        height: 3024,
        durationSeconds: null,
        perceptualHash: digest('sha256').slice(0, 16),
      },
      verdict: fuse(findings),
      score: fusedScore(scores),
      findings,
      provenance: {
        c2pa,
        digitalSourceType: null,
        generator: null,
        camera: c2pa.state === 'absent' ? 'Example Camera X100' : null,
        capturedAt: '2026-01-14T16:20:00Z',
        signature: { state: 'none' },
      },
      models: [{ id: IMAGE_MODEL.id, version: IMAGE_MODEL.version }],
      timing: { totalMs: 412.5, stages: { sniff: 1.2, decode: 88.1, c2pa: 41.7, model: 260.4 } },
    },
  };
}

export const CLEAR = example(
  'clear',
  [
    makeFinding(IMAGE_MODEL, 'image.clear', 'The picture looks like a photograph.', {
      score: 0.03,
    }),
  ],
  NO_C2PA,
  [PREVIEW],
);

export const SYNTHETIC = example(
  'synthetic',
  [
    makeFinding(
      PROVENANCE_READER,
      'c2pa.ai_generated',
      'The valid Content Credentials of Example Image Generator 2.1 declare trainedAlgorithmicMedia.',
    ),
    makeFinding(
      PROVENANCE_READER,
      'c2pa.unknown_signer',
      'The signer, Example Signing Authority, is not on the trust list.',
    ),
    makeFinding(
      IMAGE_MODEL,
      'image.generated',
      'The picture looks generated, most of all where the heat map is red.',
      {
        score: 0.97,
        evidence: [HEATMAP],
      },
    ),
  ],
  SIGNED_C2PA,
  [PREVIEW, HEATMAP],
);

export const TAMPERED = example(
  'tampered',
  [
    makeFinding(
      PROVENANCE_READER,
      'c2pa.broken',
      'The bytes were changed after the Content Credentials were signed: the data hash does not match.',
    ),
    makeFinding(IMAGE_MODEL, 'image.clear', 'The picture looks like a photograph.', {
      score: 0.12,
    }),
  ],
  { ...SIGNED_C2PA, state: 'broken', digitalSourceTypes: ['digitalCapture'] },
  [PREVIEW],
);
