import { decode, readHeader, type Pixels } from '../intake/image.js';
import { MediaRefusedError, type EvidenceFile, type Finding } from '../verdict/types.js';
import { judgeInnerPicture } from './inner-picture.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from './types.js';

/** Pictures of one document that are judged, and their pixels in all. */
export const MOST_PICTURES = 6;
const MOST_PIXELS = 60_000_000;

/** A picture inside a document. */
export interface DocumentPicture {
  /** Where, for people: `page 2, picture 14`. */
  readonly where: string;
  /** The same within a file name: `page-2-picture-14`. */
  readonly slug: string;
  readonly content:
    | { readonly kind: 'file'; readonly bytes: Buffer; readonly mediaType: string }
    | { readonly kind: 'pixels'; readonly pixels: Pixels };
}

/** Reads what a picture file says of its own making: Content Credentials, source types, generators' marks. */
export type ReadMarks = (bytes: Buffer, mediaType: string) => Promise<readonly Finding[]>;

export interface PictureJudges {
  /** Those that judge pixels. */
  readonly detectors: readonly Detector[];
  readonly readMarks: ReadMarks;
}

/**
 * Judges the pictures of a document as if each came alone. The document's score is the highest of theirs; of the statistical findings only those of the
 * picture with that score are kept, or where no score counts those of the picture that a model scored highest; of facts all.
 */
export async function judgePictures(
  pictures: readonly DocumentPicture[],
  { detectors, readMarks }: PictureJudges,
  host: Subject,
): Promise<Detection> {
  let worst = NOTHING_FOUND;
  const facts: Finding[] = [];
  const models = new Map<string, Detection['models'][number]>();
  let left = MOST_PIXELS;
  for (const picture of pictures.slice(0, MOST_PICTURES)) {
    const { content } = picture;
    if (content.kind === 'file') {
      const marks = await readMarks(content.bytes, content.mediaType);
      facts.push(...marks.map((finding) => placed(finding, picture)));
    }
    const pixels = await pixelsOf(content, host, left);
    if (!pixels) continue;
    left -= pixels.width * pixels.height;
    const mediaType = content.kind === 'file' ? content.mediaType : 'image/png';
    const detection = await judgeInnerPicture(detectors, host, pixels, mediaType);
    for (const model of detection.models) models.set(`${model.id} ${model.version}`, model);
    facts.push(
      ...detection.findings.filter(isTellingFact).map((finding) => placed(finding, picture)),
    );
    if (outranks(detection, worst)) worst = placedDetection(detection, picture);
  }
  const others = worst.findings.filter((finding) => !isTellingFact(finding));
  return { ...worst, findings: [...facts, ...others], models: [...models.values()] };
}

/** What was found on an identity document is told wherever in a document it lies. */
function isTellingFact({ code, score, severity }: Finding): boolean {
  return score === null && (severity !== 'info' || code.startsWith('document.'));
}

function outranks(detection: Detection, worst: Detection): boolean {
  if (worst === NOTHING_FOUND) return true;
  const [own, other] = [detection.score ?? -1, worst.score ?? -1];
  return own > other || (own === other && highestIn(detection) > highestIn(worst));
}

function highestIn({ findings }: Detection): number {
  return Math.max(-1, ...findings.map(({ score }) => score ?? -1));
}

async function pixelsOf(
  content: DocumentPicture['content'],
  { limits }: Subject,
  left: number,
): Promise<Pixels | null> {
  if (content.kind === 'pixels') {
    return content.pixels.width * content.pixels.height <= left ? content.pixels : null;
  }
  try {
    const header = await readHeader(content.bytes, content.mediaType, limits);
    if (!header || header.width * header.height > left) return null;
    return await decode(content.bytes, header, limits);
  } catch (error) {
    // A picture that is too large is skipped and one that cannot be decoded is shown by no viewer: neither makes the document unreadable.
    if (error instanceof MediaRefusedError || error instanceof Error) return null;
    throw error;
  }
}

function placedDetection(detection: Detection, picture: DocumentPicture): Detection {
  return {
    ...detection,
    findings: detection.findings.map((finding) => placed(finding, picture)),
    evidence: detection.evidence.map((file): EvidenceFile => ({
      ...file,
      name: `${picture.slug}-${file.name}`,
    })),
  };
}

function placed(finding: Finding, { where, slug }: DocumentPicture): Finding {
  return {
    ...finding,
    detail: `${where.charAt(0).toUpperCase()}${where.slice(1)}: ${finding.detail}`,
    evidence: finding.evidence.map(({ kind, name }) => ({ kind, name: `${slug}-${name}` })),
  };
}
