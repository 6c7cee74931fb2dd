import { createHash } from 'node:crypto';

/** Numbers that belong to one item for good. */
export interface ItemLaw {
  /** JPEG quality of the matched variants: 60 to 95, alike for both classes. */
  readonly jpegQuality: number;
  /** H.264 rate factor of the matched variants of video: 20 (fine) to 32 (coarse). */
  readonly videoQuality: number;
  /** Where a crop lies, as shares 0..1 of the room it has. */
  readonly left: number;
  readonly top: number;
}

/**
 * Quality and place follow from the bytes of the item alone, so that they cannot depend on its class, its format or the order of work, and come out the same
 * in every run.
 *
 * @param sha256 of the original bytes, hex
 */
export function lawOf(sha256: string, seed: number): ItemLaw {
  const digest = createHash('sha256').update(`${seed}/${sha256}`).digest();
  return {
    jpegQuality: 60 + (digest.readUInt32BE(0) % 36),
    videoQuality: 20 + (digest.readUInt32BE(12) % 13),
    left: digest.readUInt32BE(4) / 2 ** 32,
    top: digest.readUInt32BE(8) / 2 ** 32,
  };
}
