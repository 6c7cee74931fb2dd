import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import { compareDocuments } from './compare/catalog.js';
import { listPages } from './compare/page-list.js';
import { PdfDocument } from './document.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { PDF_LIMITS } from './limits.js';
import { listed, plain } from './names.js';
import { listRevisions, type Revision } from './revisions.js';
import { PdfStream, nameOf, textOf } from './values.js';
import { allDicts } from './walk.js';

/** What made the document and what it is made of: properties, XMP, fonts and pictures. Claims of the file, for a reviewer. */
export function producerFindings(document: PdfDocument): Finding[] {
  const info = document.dict(document.trailer.get('Info'));
  const claims: string[] = [];
  for (const [key, label] of [
    ['Creator', 'created by'],
    ['Producer', 'written by'],
    ['CreationDate', 'created'],
    ['ModDate', 'changed'],
  ] as const) {
    const text = document.isLocked ? null : textOf(document.resolve(info?.get(key)));
    if (text) claims.push(`${label} ${plain(text, 60)}`);
  }
  claims.push(...toolsInXmp(document));
  const fonts = new Set<string>();
  let pictures = 0;
  for (const { dict, isStream } of allDicts(document)) {
    const font = nameOf(document.resolve(dict.get('BaseFont')));
    if (font && nameOf(dict.get('Type')) === 'Font')
      fonts.add(plain(font.replace(/^[A-Z]{6}\+/, ''), 30));
    if (isStream && nameOf(document.resolve(dict.get('Subtype'))) === 'Image') pictures += 1;
  }
  const pages = listPages(document).length;
  const parts = [
    claims.length > 0 ? listed(claims, 8) : 'it does not say what made it',
    `${pages} page${pages === 1 ? '' : 's'}, ${pictures} picture${pictures === 1 ? '' : 's'}`,
    fonts.size > 0 ? `fonts ${listed([...fonts], 8)}` : 'no fonts',
  ];
  return [makeFinding(SELF, 'document.producer_chain', `By its own account: ${parts.join('. ')}.`)];
}

function toolsInXmp(document: PdfDocument): string[] {
  const stream = document.resolve(document.catalog?.get('Metadata'));
  if (!(stream instanceof PdfStream) || document.isLocked) return [];
  const text = document.decode(stream)?.data.subarray(0, 200_000).toString('utf8') ?? '';
  const agents = [...text.matchAll(/softwareAgent(?:>|=")([^<"]{1,80})/g)].map(
    (match) => match[1] ?? '',
  );
  return agents.length === 0
    ? []
    : [
        `worked on with ${listed(
          agents.map((agent) => plain(agent, 40)),
          6,
        )}`,
      ];
}

/** What each later saving changed; information, since editing an unsigned document is everyday work. */
export function revisionFindings(document: PdfDocument): Finding[] {
  const revisions = listRevisions(document);
  if (revisions.length < 2) return [];
  const first = Math.max(1, revisions.length - PDF_LIMITS.comparedRevisions);
  const parts: string[] = [];
  for (let index = first; index < revisions.length; index++) {
    const before = revisions[index - 1];
    const after = revisions[index];
    if (before && after)
      parts.push(`saving ${index + 1}: ${changesBetween(document, before, after)}`);
  }
  const detail = `Saved ${revisions.length} times. ${listed(parts, PDF_LIMITS.comparedRevisions)}.`;
  return [makeFinding(SELF, 'document.revisions', detail)];
}

function changesBetween({ buffer }: PdfDocument, before: Revision, after: Revision): string {
  const older = new PdfDocument(buffer.subarray(0, before.end));
  const newer = new PdfDocument(buffer.subarray(0, after.end));
  if (!older.catalog || !newer.catalog) return 'unreadable';
  const kinds = compareDocuments(older, newer).map(({ kind }) => kind);
  return kinds.length === 0 ? 'nothing that is used' : [...new Set(kinds)].join(', ');
}
