import { familyOf } from '../intake/sniff.js';
import { makeFinding } from '../verdict/finding-codes.js';
import type { Finding } from '../verdict/types.js';
import { NOTHING_FOUND, type Detector, type Subject } from './types.js';

const SELF = { id: 'file-type', version: '1.0.0' };

/** Programs, active content, double readings and false claims about the type. Facts, no statistics. */
export const fileTypeDetector: Detector = {
  ...SELF,
  mediaTypes: /^/,
  run(subject) {
    const findings = [activeContent(subject), doubleReading(subject), falseClaim(subject)].filter(
      (finding) => finding !== null,
    );
    return Promise.resolve({ ...NOTHING_FOUND, findings });
  },
};

function activeContent({ type }: Subject): Finding | null {
  switch (type.active) {
    case null:
      return null;
    case 'program':
      return makeFinding(
        SELF,
        'mime.executable',
        `The bytes are a program (${type.mediaType}); it must not be opened.`,
      );
    case 'script':
    case 'html':
      return makeFinding(
        SELF,
        'mime.executable',
        `The bytes are a script or web page (${type.mediaType}) that runs when opened.`,
      );
    case 'svg_script':
      return makeFinding(
        SELF,
        'mime.active_content',
        'The drawing (SVG) holds scripts, event handlers or references to other places.',
      );
  }
}

function doubleReading({ type }: Subject): Finding | null {
  const { polyglot } = type;
  if (!polyglot) return null;
  const place = polyglot.offset === null ? 'at its end' : `at byte ${polyglot.offset}`;
  return makeFinding(
    SELF,
    'mime.polyglot',
    `The file is ${type.mediaType} and, ${place}, also ${polyglot.mediaType}; programs will disagree about what it is.`,
  );
}

/** Another spelling of a picture is an everyday slip; another kind of file is a disguise. */
function falseClaim({ type, claim }: Subject): Finding | null {
  if (!claim) return null;
  const detail = `The ${claim.by} says ${claim.said}, the bytes are ${type.mediaType}.`;
  const isSameKind = familyOf(claim.said) === type.family;
  return makeFinding(SELF, isSameKind ? 'mime.mismatch' : 'mime.disguised', detail);
}
