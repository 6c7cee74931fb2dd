import { hashDistance } from '../perceptual-hash.js';

/** One frame of a video: when it is shown and the pHash of its picture. */
export interface FrameHash {
  /** Seconds from the beginning. */
  readonly seconds: number;
  /** 16 hex digits. */
  readonly hash: string;
}

/** A video as the pictures it shows, in their order. */
export type VideoFingerprint = readonly FrameHash[];

/** Bits by which two frames of 64 may differ and still count as the same picture. */
const SAME_FRAME = 12;
/** Share of a video's frames that must be found in the other one. */
const SAME_SHARE = 0.6;
/** Frames that a comparison needs; fewer agree by chance. */
const MIN_FRAMES = 3;

const PREFIX = 'v1.';
/** Four bytes of milliseconds and eight of hash. */
const RECORD = 12;

/** Text for a registry: a version and base64url. */
export function encodeVideoFingerprint(frames: VideoFingerprint): string {
  const bytes = Buffer.alloc(frames.length * RECORD);
  frames.forEach(({ seconds, hash }, i) => {
    bytes.writeUInt32BE(Math.min(0xffff_ffff, Math.max(0, Math.round(seconds * 1000))), i * RECORD);
    bytes.write(hash, i * RECORD + 4, 'hex');
  });
  return PREFIX + bytes.toString('base64url');
}

/** @throws RangeError where the text is no fingerprint of this version */
export function decodeVideoFingerprint(text: string): VideoFingerprint {
  const body = text.slice(PREFIX.length);
  const bytes = Buffer.from(body, 'base64url');
  if (
    !text.startsWith(PREFIX) ||
    bytes.toString('base64url') !== body ||
    bytes.length % RECORD !== 0
  ) {
    throw new RangeError(
      `Expected a video fingerprint that begins with ${PREFIX} but received ${JSON.stringify(text.slice(0, 20))}; make it by encodeVideoFingerprint.`,
    );
  }
  return Array.from({ length: bytes.length / RECORD }, (_, i) => ({
    seconds: bytes.readUInt32BE(i * RECORD) / 1000,
    hash: bytes.toString('hex', i * RECORD + 4, (i + 1) * RECORD),
  }));
}

/**
 * Share of the frames of the shorter video that the longer one shows too, in the same order: the longest common subsequence of near-equal pictures. Which
 * frames are sampled depends on length and key frames, so neighbours may stand for each other.
 *
 * @returns 0..1, or null where there are too few frames that differ from each other (a still picture as a video)
 */
export function compareVideo(a: VideoFingerprint, b: VideoFingerprint): number | null {
  const [first, second] = [distinct(a), distinct(b)];
  const shorter = Math.min(first.length, second.length);
  if (shorter < MIN_FRAMES) return null;
  let row = new Uint32Array(second.length + 1);
  for (const frame of first) {
    const next = new Uint32Array(second.length + 1);
    second.forEach((other, i) => {
      const isSame = hashDistance(frame.hash, other.hash) <= SAME_FRAME;
      next[i + 1] = isSame
        ? (row[i] as number) + 1
        : Math.max(row[i + 1] as number, next[i] as number);
    });
    row = next;
  }
  return (row[second.length] as number) / shorter;
}

/** Whether two videos show the same recording. */
export function isSameVideo(a: VideoFingerprint, b: VideoFingerprint): boolean {
  const share = compareVideo(a, b);
  return share !== null && share >= SAME_SHARE;
}

/** Without frames that repeat their predecessor or say nothing, such as black ones: half of the bits of a picture's hash are set, of a flat one's none. */
function distinct(frames: VideoFingerprint): FrameHash[] {
  const kept: FrameHash[] = [];
  for (const frame of frames) {
    const last = kept.at(-1);
    const isFlat = hashDistance(frame.hash, '0000000000000000') < 8;
    const isRepeat = last && hashDistance(frame.hash, last.hash) <= SAME_FRAME / 2;
    if (!isFlat && !isRepeat) kept.push(frame);
  }
  return kept;
}
