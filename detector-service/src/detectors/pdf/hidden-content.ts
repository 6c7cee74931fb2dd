import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import type { PdfDocument } from './document.js';
import { PDF_DETECTOR as SELF } from './identity.js';
import { objectHeads } from './scan.js';
import { listed } from './names.js';
import { PdfRef, PdfStream, isArray, nameOf, type PdfDict, type PdfValue } from './values.js';

/** Keys of the catalogue that ISO 32000-2 (table 29) and common extensions know. */
const CATALOG_KEYS = new Set(
  (
    'Type Version Extensions Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines Threads OpenAction AA URI AcroForm Metadata ' +
    'StructTreeRoot MarkInfo Lang SpiderInfo OutputIntents PieceInfo OCProperties Perms Legal Requirements Collection NeedsRendering DSS AF DPartRoot ' +
    'LastModified'
  ).split(' '),
);
const TRAILER_KEYS = new Set(
  'Root Info ID Size Prev XRefStm Type W Index Length Filter DecodeParms Encrypt DocChecksum AuthCode'.split(
    ' ',
  ),
);

/** Steps that are followed from an unknown key; what is planted stands close to it. */
const STEPS = 4;

/**
 * Content that no page shows but that is ready to be shown: the preparation of a shadow attack (Mainka, Mladenov, Rohlmann: Shadow Attacks, NDSS 2021),
 * where an innocent document is signed and a later saving only has to point to what was there all along.
 */
export function hiddenContentFindings(document: PdfDocument, isSigned: boolean): Finding[] {
  const found = [
    ...plantedUnder(document, document.catalog, CATALOG_KEYS, 'the catalogue'),
    ...plantedUnder(document, document.trailer, TRAILER_KEYS, 'the trailer'),
    ...(isSigned ? twiceDefined(document) : []),
    ...(isSigned ? sparePages(document) : []),
  ];
  if (found.length === 0) return [];
  return [makeFinding(SELF, 'document.hidden_content', `The document keeps ${listed(found)}.`)];
}

function plantedUnder(
  document: PdfDocument,
  dict: PdfDict | null,
  known: ReadonlySet<string>,
  place: string,
): string[] {
  return [...(dict ?? [])]
    .filter(([key, value]) => !known.has(key) && leadsToDrawing(document, value, STEPS))
    .map(([key]) => `something that can be drawn under the unknown key ${key} of ${place}`);
}

function leadsToDrawing(document: PdfDocument, value: PdfValue, steps: number): boolean {
  const resolved = document.resolve(value);
  if (resolved instanceof PdfStream) {
    return ['Form', 'Image'].includes(nameOf(document.resolve(resolved.dict.get('Subtype'))) ?? '');
  }
  if (steps === 0) return false;
  if (isArray(resolved))
    return resolved.slice(0, 64).some((item) => leadsToDrawing(document, item, steps - 1));
  if (!(resolved instanceof Map)) return false;
  return [...(resolved as PdfDict)].some(
    ([key, item]) => key !== 'Parent' && key !== 'P' && leadsToDrawing(document, item, steps - 1),
  );
}

/** Two objects of one number in one saving: a later cross-reference section can swap them without adding anything. */
function twiceDefined(document: PdfDocument): string[] {
  const { buffer, sections } = document;
  const oldest = sections.at(-1);
  if (!oldest || (sections.length > 1 && oldest.offset > (sections[0]?.offset ?? 0))) return [];
  const counts = new Map<number, number>();
  for (const { number, offset } of objectHeads(buffer, 0, oldest.offset)) {
    if (isInsideStream(document, offset)) continue;
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const twice = [...counts].filter(([, count]) => count > 1).map(([number]) => number);
  if (twice.length === 0) return [];
  return [`two versions of object ${twice.slice(0, 5).join(', ')} in its first saving`];
}

function isInsideStream(document: PdfDocument, offset: number): boolean {
  const { buffer } = document;
  const opened = buffer.lastIndexOf('stream', offset);
  if (opened < 0) return false;
  const isEnd = buffer.toString('latin1', opened - 3, opened) === 'end';
  return !isEnd;
}

/** Page objects that no page tree holds, in a signed document. */
function sparePages(document: PdfDocument): string[] {
  const reachable = new Set<number>();
  const visit = (value: PdfValue | undefined): void => {
    if (value instanceof PdfRef) {
      if (reachable.has(value.number) || reachable.size > 100_000) return;
      reachable.add(value.number);
    }
    const dict = document.dict(value);
    const kids = document.resolve(dict?.get('Kids'));
    if (isArray(kids)) kids.forEach(visit);
  };
  visit(document.catalog?.get('Pages'));
  const spare = document.objectNumbers.slice(0, 50_000).filter((number) => {
    const value = document.object(number);
    if (!(value instanceof Map) || reachable.has(number)) return false;
    const dict = value as PdfDict;
    return nameOf(dict.get('Type')) === 'Page' && dict.has('Contents');
  });
  return spare.length === 0
    ? []
    : [`pages outside its page tree (objects ${spare.slice(0, 5).join(', ')})`];
}
