import { makeFinding } from '../verdict/finding-codes.js';
import type { Finding } from '../verdict/types.js';
import type { MediaFamily } from '../intake/sniff.js';
import { NOTHING_FOUND, type Detector, type Subject } from './types.js';

const SELF = { id: 'coverage', version: '1.0.0' };

/** Sound and video have detectors that say themselves what they did not judge. */
const WHAT: Readonly<Record<Exclude<MediaFamily, 'audio' | 'video'>, string>> = {
  image: 'This picture format cannot be decoded here',
  document: 'Whether the words of a document are true is not judged',
  archive: 'Archives are not opened',
  text: 'Text is not scored',
  other: 'This kind of file is not scored',
};

/** Formats of which every sound file can be decoded here: one without pixels is a header, or a torso. */
const ALWAYS_DECODED = /^image\/(?:jpeg|png|gif|webp|avif)$/;

/** Says plainly what was not judged, so that silence is never read as a clean bill. */
export const coverageDetector: Detector = {
  ...SELF,
  mediaTypes: /^/,
  run(subject) {
    const finding = uncovered(subject);
    return Promise.resolve(finding ? { ...NOTHING_FOUND, findings: [finding] } : NOTHING_FOUND);
  },
};

function uncovered({ type, pixels, isDamaged }: Subject): Finding | null {
  if (pixels && !isDamaged) return null;
  if (pixels || isDamaged || ALWAYS_DECODED.test(type.mediaType)) {
    const detail = pixels
      ? 'The decoder reports damage; viewers may show the picture differently, so its pixels were not scored.'
      : `The file begins as ${type.mediaType} but holds no picture that can be decoded: it is cut off, or only a header.`;
    return makeFinding(SELF, 'image.damaged', detail);
  }
  if (type.family === 'audio' || type.family === 'video') return null;
  const detail = `${WHAT[type.family]} (${type.mediaType}); checked were its type, hashes, Content Credentials and metadata.`;
  return makeFinding(SELF, 'media.not_evaluated', detail);
}
