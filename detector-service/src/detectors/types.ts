import type { MediaLimits } from '../intake/limits.js';
import type { ContainerFacts } from '../intake/container/media-file.js';
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';
import type { Pixels } from '../intake/image.js';
import type { SniffedType } from '../intake/sniff.js';
import type { TypeClaim } from '../intake/declared-type.js';
import type { EvidenceFile, Finding } from '../verdict/types.js';

/** What a detector may look at. */
export interface Subject {
  /** The file on local disk, for programs and parsers that read it piecewise. */
  readonly path: string;
  readonly sizeBytes: number;
  /** The whole file, or null where it is larger than `limits.maxProvenanceBytes`. */
  readonly bytes: Buffer | null;
  readonly type: SniffedType;
  /** A claim about the type that the bytes deny. */
  readonly claim: TypeClaim | null;
  /** Null where the media has no pixels or they cannot be decoded. */
  readonly pixels: Pixels | null;
  /** The same within the size of a preview. */
  readonly small: Pixels | null;
  /** The decoder reported an error; `pixels` is what it yielded nevertheless. */
  readonly isDamaged: boolean;
  readonly pages: number;
  /** Tracks and durations of audio and video; null for other media and where the container cannot be read. */
  readonly container: ContainerFacts | null;
  readonly limits: MediaLimits;
}

export interface Detection {
  readonly findings: readonly Finding[];
  /** Calibrated probability 0..1 that the media is synthetic or manipulated; null when not measured. */
  readonly score: number | null;
  readonly evidence: readonly EvidenceFile[];
  /** Models that ran. */
  readonly models: readonly { readonly id: string; readonly version: string }[];
  readonly fingerprints?: readonly Fingerprint[];
}

/** One way of judging media. A detector that does not apply returns {@link NOTHING_FOUND}; it never guesses. */
export interface Detector {
  readonly id: string;
  readonly version: string;
  readonly mediaTypes: RegExp;
  run(subject: Subject): Promise<Detection>;
}

/** Formats whose pixels may never have been through a lossy encoder, which every training picture has been. */
export const LOSSLESS = /^image\/(?:png|gif|tiff|bmp|x-adobe-dng)$/;

export const NOTHING_FOUND: Detection = Object.freeze({
  findings: [],
  score: null,
  evidence: [],
  models: [],
});
