/**
 * Exact keys by which an index finds candidates for a comparison: pieces of 16 bits of each hash, numbered by where they are from (multi-index hashing,
 * Norouzi et al. 2012). Two hashes that differ in few bits share a piece.
 */
import { PATCH_HASHER, WHOLE_HASHER, type PictureFingerprint } from './picture.js';
import { POSES, type Pose, type SignHasher } from './signs.js';

/** A key of a query, and the pose it was made in: true copies agree in one pose, chance agreement scatters over all. */
export interface PosedKey {
  readonly key: number;
  readonly pose: number;
}

const PIECE_VALUES = 0x1_0000;
/** Pieces of the whole are numbered from 0, those of patches from here. */
const FIRST_PATCH_PIECE = 16;
const UPRIGHT: Pose = { isTransposed: false, isMirrored: false, isFlipped: false };

/** Keys to store, each once. */
export function pictureKeys(fingerprint: PictureFingerprint): readonly number[] {
  return [...new Set(keysIn(fingerprint, UPRIGHT))];
}

/** Keys to look up, in all poses. */
export function pictureQuery(fingerprint: PictureFingerprint): readonly PosedKey[] {
  return POSES.flatMap((pose, number) =>
    [...new Set(keysIn(fingerprint, pose))].map((key) => ({ key, pose: number })),
  );
}

function keysIn({ whole, patches }: PictureFingerprint, pose: Pose): readonly number[] {
  const ofWhole = whole ? pieces(whole, WHOLE_HASHER, pose, 0) : [];
  return [
    ...ofWhole,
    ...patches.flatMap(({ hash }) => pieces(hash, PATCH_HASHER, pose, FIRST_PATCH_PIECE)),
  ];
}

function pieces(hash: Uint8Array, hasher: SignHasher, pose: Pose, first: number): number[] {
  const posed = Buffer.from(hasher.pose(hash, pose));
  return Array.from(
    { length: posed.length / 2 },
    (_, i) => (first + i) * PIECE_VALUES + posed.readUInt16BE(i * 2),
  );
}
