/**
 * Bounds on what is accepted and for how long it may be looked at. Bytes are hostile until proven otherwise: each bound is checked before the
 * work that would exceed it, and exceeding one is a refusal with a code, never a crash.
 */
export interface MediaLimits {
  /** Bytes of one file. Salesforce itself stops at 2 GB; the org pushes small files and has larger ones pulled. */
  readonly maxBytes: number;
  /** Width times height of a picture, checked from its header before any pixel is decoded. */
  readonly maxPixels: number;
  /** Decoded bytes (four a pixel) per byte of file. A photo stays below 200, a flat drawing below 2000; a bomb does not. */
  readonly maxExpansion: number;
  /** Decoded bytes below which the expansion does not matter: a small white PNG expands enormously and harmlessly. */
  readonly freeExpansionBytes: number;
  /** Bytes of a file in which Content Credentials are verified; they are read into memory whole. */
  readonly maxProvenanceBytes: number;
  /** Bytes of a file in which EXIF, XMP and text chunks are read. */
  readonly maxMetadataBytes: number;
  /** Seconds of sound, from its beginning, that are decoded and judged. */
  readonly maxAudioSeconds: number;
  /** Frames of a video or moving picture that are decoded and judged, spread over its length. */
  readonly maxFrames: number;
  /** Wall-clock milliseconds for the outside program (ffmpeg) on one file's sound, and as many on its frames. */
  readonly outsideProgramMs: number;
  /** Wall-clock milliseconds for one file in a child process, after which the child is killed. */
  readonly examineMs: number;
}

export const MEDIA_LIMITS: MediaLimits = Object.freeze({
  maxBytes: 2_000_000_000,
  maxPixels: 100_000_000,
  maxExpansion: 4_000,
  freeExpansionBytes: 64_000_000,
  maxProvenanceBytes: 256_000_000,
  maxMetadataBytes: 64_000_000,
  maxAudioSeconds: 300,
  maxFrames: 12,
  outsideProgramMs: 6_000,
  examineMs: 30_000,
});

/** The shipped limits with some replaced. */
export function mediaLimits(changes: Partial<MediaLimits> = {}): MediaLimits {
  const limits = { ...MEDIA_LIMITS, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new RangeError(
        `Expected the media limit ${name} to be a whole number above 0 but received ${value}; correct it or leave it out for its default.`,
      );
    }
  }
  return Object.freeze(limits);
}
