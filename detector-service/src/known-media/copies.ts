/** Finding and describing copies, for every kind of fingerprint. Pure. */
import { AUDIO_MATCH, compareAudio, decodeAudioFingerprint } from '../intake/fingerprints/audio.js';
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';
import { pictureKeys, pictureQuery, type PosedKey } from '../intake/fingerprints/picture-keys.js';
import { decodePictureFingerprint } from '../intake/fingerprints/picture-text.js';
import {
  comparePictures,
  isSamePicture,
  type PictureMatch,
} from '../intake/fingerprints/picture.js';
import { compareVideo, decodeVideoFingerprint, isSameVideo } from '../intake/fingerprints/video.js';

interface CopyKind {
  /** Keys under which an entry is stored. Numbers of different kinds do not meet. */
  keys(value: string): readonly number[];
  query(value: string): readonly PosedKey[];
  /** How the second is a copy of the first, in words; null where it is none. */
  compare(first: string, second: string): string | null;
}

const UPRIGHT = 0;
/** Where the numbers of a kind's keys begin; those of pictures lie below all. */
const AUDIO_KEYS = 2 ** 32;
const VIDEO_KEYS = 2 ** 33;

const KINDS: Readonly<Record<Fingerprint['kind'], CopyKind>> = {
  image: {
    keys: (value) => pictureKeys(decodePictureFingerprint(value)),
    query: (value) => pictureQuery(decodePictureFingerprint(value)),
    compare(first, second) {
      const match = comparePictures(
        decodePictureFingerprint(first),
        decodePictureFingerprint(second),
      );
      return isSamePicture(match) ? describe(match) : null;
    },
  },
  audio: {
    keys: audioKeys,
    query: (value) => audioKeys(value).map((key) => ({ key, pose: UPRIGHT })),
    compare(first, second) {
      const match = compareAudio(decodeAudioFingerprint(first), decodeAudioFingerprint(second));
      if (!match || match.distance > AUDIO_MATCH) return null;
      return `${Math.round(match.distance * 100)} % of the bits of ${Math.round(match.overlapSeconds)} seconds of sound differ`;
    },
  },
  video: {
    keys: videoKeys,
    query: (value) => videoKeys(value).map((key) => ({ key, pose: UPRIGHT })),
    compare(first, second) {
      const [known, media] = [decodeVideoFingerprint(first), decodeVideoFingerprint(second)];
      if (!isSameVideo(known, media)) return null;
      return `${Math.round((compareVideo(known, media) ?? 0) * 100)} % of the frames of the shorter one agree`;
    },
  },
};

/** Overlapping runs of 24 of the 32 bits of a word: a few wrong bits spare one of them. Silence has no word. */
function audioKeys(value: string): readonly number[] {
  const words = [...decodeAudioFingerprint(value)].filter((word) => word !== 0);
  return words.flatMap((word) => [
    AUDIO_KEYS + (word >>> 8),
    AUDIO_KEYS + 2 ** 24 + (word & 0xff_ffff),
  ]);
}

/** The four quarters of each frame's hash; a frame of one colour has none. */
function videoKeys(value: string): readonly number[] {
  return decodeVideoFingerprint(value).flatMap(({ hash }) =>
    /^0+$/.test(hash)
      ? []
      : [0, 1, 2, 3].map(
          (i) => VIDEO_KEYS + i * 0x1_0000 + parseInt(hash.slice(i * 4, i * 4 + 4), 16),
        ),
  );
}

/** @throws RangeError where a text is no fingerprint of its kind */
export function storedKeys(fingerprints: readonly Fingerprint[]): readonly number[] {
  return fingerprints.flatMap(({ kind, value }) => KINDS[kind].keys(value));
}

export function queryKeys(fingerprints: readonly Fingerprint[]): readonly PosedKey[] {
  return fingerprints.flatMap(({ kind, value }) => KINDS[kind].query(value));
}

/** How any of the media's fingerprints is a copy of any of an entry's; null where none is. */
export function describeCopy(
  known: readonly Fingerprint[],
  media: readonly Fingerprint[],
): string | null {
  for (const { kind, value } of media) {
    for (const entry of known) {
      const copy = entry.kind === kind ? KINDS[kind].compare(entry.value, value) : null;
      if (copy) return copy;
    }
  }
  return null;
}

function describe({ distance, patches, pose }: PictureMatch): string {
  const whole = distance === null ? '' : `${distance} of 256 bits of the whole differ`;
  const parts = `${patches} ${patches === 1 ? 'patch agrees' : 'patches agree'} in content and place`;
  const isTurned = pose.isTransposed || pose.isFlipped;
  const how = isTurned ? ', turned or mirrored' : pose.isMirrored ? ', mirrored' : '';
  return [whole, parts].filter((part) => part !== '').join(', ') + how;
}
