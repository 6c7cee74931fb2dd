import { readFile } from 'node:fs/promises';

import type { Detector, Subject } from '../detectors/types.js';
import { openMediaFile, type ContainerFacts } from '../intake/container/media-file.js';
import { contradictedClaim } from '../intake/declared-type.js';
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';
import {
  decode,
  decodeDamaged,
  decodeWithAlpha,
  encodePreview,
  greySquare,
  readHeader,
  shrink,
  type ImageHeader,
  type Pixels,
} from '../intake/image.js';
import type { MediaLimits } from '../intake/limits.js';
import { HASH_SQUARE, perceptualHash } from '../intake/perceptual-hash.js';
import { sniffFile } from '../intake/sniff-file.js';
import type { SniffedType } from '../intake/sniff.js';
import { reportC2pa, type C2paFacts } from '../provenance/c2pa-report.js';
import type { C2paReader } from '../provenance/c2pa-reader.js';
import {
  findGeneratorMark,
  hiddenMark,
  type GeneratorMark,
} from '../provenance/generator-marks.js';
import { readMetadata } from '../provenance/metadata.js';
import { stealthText } from '../provenance/stealth-text.js';
import {
  c2paFindings,
  markFindings,
  plausibilityFindings,
  sourceTypeFindings,
  thumbnailFinding,
} from './provenance-findings.js';
import { DIFFERENT_PICTURE, thumbnailDistance } from './thumbnail-check.js';
import { StageClock } from './stage-clock.js';
import {
  MediaRefusedError,
  type EvidenceFile,
  type Finding,
  type MediaFacts,
  type ProvenanceReport,
} from './types.js';

/** One file to look at, inside a child process. */
export interface ExamineRequest {
  readonly path: string;
  readonly sizeBytes: number;
  readonly declaredType: string | undefined;
  readonly fileName: string | undefined;
}

/** Everything the bytes themselves tell. Plain data: it crosses a process boundary. */
export interface Examination {
  readonly media: Pick<
    MediaFacts,
    'mediaType' | 'width' | 'height' | 'durationSeconds' | 'perceptualHash'
  >;
  readonly provenance: Omit<ProvenanceReport, 'signature'>;
  readonly findings: readonly Finding[];
  readonly scores: readonly (number | null)[];
  readonly models: readonly { readonly id: string; readonly version: string }[];
  readonly evidence: readonly EvidenceFile[];
  /** Of the content, to recognise copies. */
  readonly fingerprints: readonly Fingerprint[];
  readonly stages: Readonly<Record<string, number>>;
}

export interface Examiner {
  readonly c2pa: C2paReader;
  readonly detectors: readonly Detector[];
  readonly limits: MediaLimits;
  /** Milliseconds by which stages are timed; wall-clock time where absent. */
  readonly now?: () => number;
}

/**
 * Sniffs, reads provenance, decodes and detects, in this order: what is cheap and certain comes first, and no pixel is decoded before the limits
 * have been checked.
 *
 * @throws MediaRefusedError where the bytes cannot be judged at all
 */
export async function examine(request: ExamineRequest, examiner: Examiner): Promise<Examination> {
  const { limits, detectors } = examiner;
  const clock = new StageClock(examiner.now);
  const type = await clock.time('sniff', () => sniffFile(request.path, request.sizeBytes));
  const claim = contradictedClaim(type.mediaType, request.declaredType, request.fileName);
  const bytes =
    request.sizeBytes <= limits.maxProvenanceBytes ? await readFile(request.path) : null;

  const c2pa = await clock.time('c2pa', () => readC2pa(bytes, type.mediaType, examiner));
  const metadata = await clock.time('metadata', () =>
    readMetadata(
      bytes && bytes.length <= limits.maxMetadataBytes ? bytes : Buffer.alloc(0),
      type.mediaType,
    ),
  );
  const findings = [
    ...c2paFindings(c2pa, metadata.namesOwnStore),
    ...sourceTypeFindings(metadata.digitalSourceType),
    ...plausibilityFindings(metadata, new Date()),
  ];

  const header = bytes ? await readHeader(bytes, type.mediaType, limits) : null;
  const picture = await clock.time('decode', () => decodePicture(bytes, header, limits));
  const mark =
    findGeneratorMark(metadata.texts) ??
    (await clock.time('metadata', () =>
      markInPixels(bytes, type.mediaType, header, picture, limits),
    ));
  findings.push(...markFindings(mark));
  if (
    type.family === 'image' &&
    header &&
    !picture.pixels &&
    !findings.some(({ severity }) => severity !== 'info')
  ) {
    throw new MediaRefusedError(
      'media.unreadable',
      `Expected a readable picture but the ${type.mediaType} decoder failed on these bytes; send the file again, or another copy of it.`,
    );
  }
  const { pixels } = picture;
  const small = pixels && (await clock.time('preview', () => shrink(pixels)));
  const evidence: EvidenceFile[] = [];
  let hash: string | null = null;
  if (small) {
    const jpeg = await clock.time('preview', () => encodePreview(small));
    evidence.push({ name: 'preview.jpg', kind: 'preview', mediaType: 'image/jpeg', bytes: jpeg });
    const grey = await clock.time('hash', () => greySquare(small, HASH_SQUARE));
    hash = perceptualHash(grey);
    if (metadata.thumbnail) {
      const distance = await thumbnailDistance(metadata.thumbnail, small, limits);
      if (distance !== null && distance >= DIFFERENT_PICTURE) {
        findings.push(thumbnailFinding(distance));
      }
    }
  }

  const container = await clock.time('container', () => readContainer(request, type));
  const video = container?.tracks.find(({ kind }) => kind === 'video');

  const subject: Subject = {
    path: request.path,
    sizeBytes: request.sizeBytes,
    bytes,
    type,
    claim,
    ...picture,
    small,
    pages: header?.pages ?? 1,
    container,
    limits,
  };
  const scores: (number | null)[] = [];
  const models: { id: string; version: string }[] = [];
  const fingerprints: Fingerprint[] = [];
  for (const detector of detectors) {
    if (!detector.mediaTypes.test(type.mediaType)) continue;
    const detection = await clock.time(detector.id, () => detector.run(subject));
    findings.push(...detection.findings);
    evidence.push(...detection.evidence);
    scores.push(detection.score);
    models.push(...detection.models);
    fingerprints.push(...(detection.fingerprints ?? []));
  }
  refuseUnknown(type.mediaType, findings);

  return {
    media: {
      mediaType: type.mediaType,
      width: pixels?.width ?? header?.width ?? video?.width ?? null,
      height: pixels?.height ?? header?.height ?? video?.height ?? null,
      durationSeconds: container?.seconds ?? null,
      perceptualHash: hash,
    },
    provenance: {
      c2pa: c2pa.report,
      digitalSourceType: metadata.digitalSourceType,
      generator: mark?.generator ?? c2pa.generator,
      camera: metadata.camera,
      capturedAt: metadata.capturedAt,
    },
    findings,
    scores,
    models,
    evidence,
    fingerprints,
    stages: clock.stages,
  };
}

/** Headers of audio and video files; null for others and where they cannot be read. */
async function readContainer(
  { path, sizeBytes }: ExamineRequest,
  { family }: SniffedType,
): Promise<ContainerFacts | null> {
  if (family !== 'audio' && family !== 'video') return null;
  const file = await openMediaFile(path, sizeBytes);
  file?.close();
  return file?.facts ?? null;
}

async function readC2pa(
  bytes: Buffer | null,
  mediaType: string,
  { c2pa, limits }: Examiner,
): Promise<C2paFacts> {
  if (bytes) return reportC2pa(await c2pa.read(bytes, mediaType));
  return reportC2pa({
    kind: 'unreadable',
    reason: `credentials are read in files of up to ${limits.maxProvenanceBytes} bytes`,
  });
}

async function decodePicture(
  bytes: Buffer | null,
  header: ImageHeader | null,
  limits: MediaLimits,
): Promise<{ pixels: Pixels | null; isDamaged: boolean }> {
  if (!bytes || !header) return { pixels: null, isDamaged: false };
  try {
    return { pixels: await decode(bytes, header, limits), isDamaged: false };
  } catch (error) {
    if (error instanceof MediaRefusedError) throw error;
    return { pixels: await decodeDamaged(bytes, header, limits), isDamaged: true };
  }
}

/** Formats that keep every bit of a pixel. */
const LOSSLESS = /^image\/(?:png|webp)$/;

/** Settings that a generator hid in the pixels themselves. */
async function markInPixels(
  bytes: Buffer | null,
  mediaType: string,
  header: ImageHeader | null,
  { pixels }: { readonly pixels: Pixels | null },
  limits: MediaLimits,
): Promise<GeneratorMark | null> {
  if (!bytes || !header || !pixels || !LOSSLESS.test(mediaType)) return null;
  const samples = header.hasAlpha
    ? await decodeWithAlpha(bytes, limits)
    : { ...pixels, channels: 3 as const };
  const text = samples && stealthText(samples);
  return text ? hiddenMark(text) : null;
}

/** Bytes of no known type and without any finding of weight cannot be judged: refusing them keeps them held, visibly. */
function refuseUnknown(mediaType: string, findings: readonly Finding[]): void {
  if (mediaType !== 'application/octet-stream') return;
  if (findings.some(({ severity }) => severity !== 'info')) return;
  throw new MediaRefusedError(
    'media.unsupported_type',
    'Expected an image, audio, video, document, archive or text but the bytes match no known type; send the file in a common format.',
  );
}
