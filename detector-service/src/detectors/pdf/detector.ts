import type { X509Certificate } from 'node:crypto';

import { encodePreview } from '../../intake/image.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import {
  judgePictures,
  MOST_PICTURES,
  type DocumentPicture,
  type PictureJudges,
} from '../document-pictures.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from '../types.js';
import { activeContentFindings } from './active-content.js';
import { attachmentFindings } from './attachments.js';
import { PdfDocument } from './document.js';
import { hiddenContentFindings } from './hidden-content.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { listed } from './names.js';
import { contentOf, largestPictures } from './pictures.js';
import { producerFindings, revisionFindings } from './producer-chain.js';
import { PageRenderer } from './render.js';
import { signatureFindings } from './signature-findings.js';
import { checkSignatures } from './signatures.js';

/** Bytes of a document whose structure is read; larger ones are scans, of which only the type is told. */
const MOST_BYTES = 64_000_000;

/**
 * Judges PDF files: what each saving changed, whether signatures hold and cover what is shown, hidden and active content, attachments, and the pictures
 * on the pages.
 *
 * @param anchors certificates whose holders, or whom they certified, are trusted to sign documents
 */
export function createPdfDetector(
  judges: PictureJudges,
  anchors: readonly X509Certificate[],
): Detector {
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
      const pictures = await judgePictures(picturesOf(document, subject), judges, subject);
      const findings: Finding[] = [
        ...signatures.findings,
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
        evidence: [...(await firstPage(bytes)), ...signatures.evidence, ...pictures.evidence],
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

function skeletonFindings(document: PdfDocument): Finding[] {
  const findings: Finding[] = [];
  if (document.isEncrypted) {
    const detail =
      'The document is encrypted; texts, pictures and scripts inside it were not read.';
    findings.push(makeFinding(SELF, 'document.encrypted', detail));
  }
  if (document.faults.length > 0) {
    const detail = `Viewers may show it differently: ${listed(document.faults)}.`;
    findings.push(makeFinding(SELF, 'document.malformed', detail));
  }
  return findings;
}

function picturesOf(document: PdfDocument, { limits }: Subject): DocumentPicture[] {
  if (document.isEncrypted) return [];
  return largestPictures(document, MOST_PICTURES).flatMap((picture) => {
    const content = contentOf(document, picture, limits.maxPixels);
    if (!content) return [];
    return {
      where: `page ${picture.page + 1}, picture ${picture.object}`,
      slug: `page-${picture.page + 1}-picture-${picture.object}`,
      content:
        content.kind === 'jpeg'
          ? { kind: 'file' as const, bytes: content.bytes, mediaType: 'image/jpeg' }
          : content,
    };
  });
}

/** What a reviewer sees without opening the file. */
async function firstPage(bytes: Buffer): Promise<EvidenceFile[]> {
  const renderer = await PageRenderer.open(bytes);
  try {
    const pixels = renderer && renderer.pages > 0 ? await renderer.render(0) : null;
    if (!pixels) return [];
    return [
      {
        name: 'page-1.jpg',
        kind: 'page',
        mediaType: 'image/jpeg',
        bytes: await encodePreview(pixels),
      },
    ];
  } finally {
    renderer?.close();
  }
}
