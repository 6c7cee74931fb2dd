import { encodePreview } from '../../intake/image.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import {
  judgePictures,
  MOST_PICTURES,
  type DocumentPicture,
  type PictureJudges,
} from '../document-pictures.js';
import { textZoneFindings } from '../identity/text-zone.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { activeContentFindings } from './active-content.js';
import { attachmentFindings } from './attachments.js';
import { PdfDocument } from './document.js';
import type { Lock } from './encryption.js';
import { hiddenContentFindings } from './hidden-content.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed } from './names.js';
import { contentOf, largestPictures } from './pictures.js';
import { producerFindings, revisionFindings } from './producer-chain.js';
import { PageRenderer } from './render.js';
import { signatureFindings } from './signature-findings.js';
import { checkSignatures } from './signatures.js';
import type { DocumentAnchors } from './signing-time.js';

/** Bytes of a document whose structure is read; larger ones are scans, of which only the type is told. */
const MOST_BYTES = 64_000_000;
/** Pages whose text is searched for machine-readable zones. */
const MOST_TEXT_PAGES = 20;
/** Longest side in pixels of a page that is judged as a picture: the print of an identity card on it stays legible. */
const SCAN_SIDE = 1800;

/**
 * Judges PDF files: what each saving changed, whether signatures hold, cover what is shown and were made with certificates in force, hidden and active content, attachments, and the pictures
 * on the pages.
 *
 * @param anchors certificates whose holders, or whom they certified, are trusted to sign documents, or to state times
 */
export function createPdfDetector(judges: PictureJudges, anchors: DocumentAnchors): Detector {
  return {
    ...SELF,
    mediaTypes: /^application\/pdf$/,
    async run(subject) {
      const { bytes } = subject;
      if (!bytes || bytes.length > MOST_BYTES) return notRead(subject);
      const document = new PdfDocument(bytes);
      if (!document.catalog) return unreadable(document);
      const reports = checkSignatures(document);
      const signatures = await signatureFindings(document, reports, anchors);
      const renderer = await PageRenderer.open(bytes);
      const found = await picturesOf(document, renderer, subject);
      const shown = renderer ? await shownPages(renderer) : NOTHING_SHOWN;
      renderer?.close();
      const pictures = await judgePictures(found, judges, subject);
      const findings: Finding[] = [
        ...signatures.findings,
        ...shown.findings,
        ...hiddenContentFindings(document, reports.length > 0),
        ...activeContentFindings(document),
        ...(await attachmentFindings(document)),
        ...pictures.findings,
        ...skeletonFindings(document),
        ...revisionFindings(document),
        ...producerFindings(document),
      ];
      return {
        findings,
        score: pictures.score,
        evidence: [...shown.evidence, ...signatures.evidence, ...pictures.evidence],
        models: pictures.models,
      };
    },
  };
}

function notRead({ sizeBytes }: Subject): Detection {
  const detail = `The structure of documents is examined up to ${MOST_BYTES} bytes; this one has ${sizeBytes}.`;
  return { ...NOTHING_FOUND, findings: [makeFinding(SELF, 'document.not_read_whole', detail)] };
}

function unreadable(document: PdfDocument): Detection {
  const finding = document.trailer.has('Encrypt')
    ? makeFinding(
        SELF,
        'document.encrypted',
        'The document is encrypted so that not even its structure can be read.',
      )
    : makeFinding(
        SELF,
        'document.malformed',
        `No document can be read from these bytes: ${listed(document.faults) || 'they hold no catalogue'}.`,
      );
  return { ...NOTHING_FOUND, findings: [finding] };
}

const LOCKED = 'texts, pictures and scripts inside it were not read';
const LOCKS: Readonly<Record<Exclude<Lock, 'none'>, string>> = {
  opened:
    'It is encrypted with an empty password: everybody can open it, and all of it was examined.',
  attachments: 'Only files attached to it are encrypted; the rest was examined.',
  password: `It opens only with a password: ${LOCKED}. Ask the sender for a copy without one.`,
  recipients: `It is encrypted for certain recipients: ${LOCKED}. Ask the sender for an open copy.`,
  unknown: `It is encrypted in a way that is not supported: ${LOCKED}. Ask the sender for an open copy.`,
};

function skeletonFindings(document: PdfDocument): Finding[] {
  const findings: Finding[] = [];
  if (document.lock !== 'none') {
    findings.push(makeFinding(SELF, 'document.encrypted', LOCKS[document.lock]));
  }
  if (document.faults.length > 0) {
    const detail = `Viewers may show it differently: ${listed(document.faults)}.`;
    findings.push(makeFinding(SELF, 'document.malformed', detail));
  }
  return findings;
}

/** Pictures whose coding only the renderer knows (JPEG 2000, JBIG2, fax) are judged as the page that shows them: of scans that is all there is on it. */
async function picturesOf(
  document: PdfDocument,
  renderer: PageRenderer | null,
  { limits }: Subject,
): Promise<DocumentPicture[]> {
  if (document.isLocked) return [];
  const pictures = new Map<string, DocumentPicture>();
  for (const picture of largestPictures(document, MOST_PICTURES)) {
    const page = picture.page + 1;
    const content = contentOf(document, picture, limits.maxPixels);
    if (content) {
      const slug = `page-${page}-picture-${picture.object}`;
      pictures.set(slug, {
        where: `page ${page}, picture ${picture.object}`,
        slug,
        content:
          content.kind === 'jpeg'
            ? { kind: 'file', bytes: content.bytes, mediaType: 'image/jpeg' }
            : content,
      });
    } else if (!pictures.has(`page-${page}`)) {
      const pixels = await renderer?.render(picture.page, SCAN_SIDE);
      if (!pixels) continue;
      const slug = `page-${page}`;
      pictures.set(slug, { where: `page ${page}`, slug, content: { kind: 'pixels', pixels } });
    }
  }
  return [...pictures.values()];
}

interface Shown {
  readonly evidence: readonly EvidenceFile[];
  readonly findings: readonly Finding[];
}

const NOTHING_SHOWN: Shown = { evidence: [], findings: [] };

/** What the pages say as a viewer shows them: zones in their text, and the first one as a reviewer sees it without opening the file. */
async function shownPages(renderer: PageRenderer): Promise<Shown> {
  const pages = Array.from({ length: Math.min(renderer.pages, MOST_TEXT_PAGES) }, (_, i) => i);
  const findings = pages.flatMap((page) => textZoneFindings(renderer.text(page), page + 1));
  const pixels = renderer.pages > 0 ? await renderer.render(0) : null;
  if (!pixels) return { evidence: [], findings };
  const bytes = await encodePreview(pixels);
  return {
    evidence: [{ name: 'page-1.jpg', kind: 'page', mediaType: 'image/jpeg', bytes }],
    findings,
  };
}
