import { arrayOf } from '../signature-fields.js';
import { PdfStream, type PdfValue } from '../values.js';
import type { Change } from './change.js';
import { compareAnnotations } from './annotations.js';
import type { Equality } from './equality.js';
import { listPages, type PageEntry } from './page-list.js';

/** Keys of a page that no viewer shows. */
const METADATA = new Set([
  'Metadata',
  'LastModified',
  'PieceInfo',
  'ID',
  'Thumb',
  'SeparationInfo',
]);
const NAVIGATION = new Set(['StructParents', 'Tabs', 'B', 'Dur', 'Trans', 'PZ', 'PresSteps']);
const COMPARED_ELSEWHERE = new Set([
  'Type',
  'Parent',
  'Annots',
  'Contents',
  'Resources',
  'MediaBox',
  'CropBox',
  'Rotate',
]);

/** What changed in the pages, their content and annotations. */
export function comparePages(equality: Equality): Change[] {
  const before = listPages(equality.before);
  const after = listPages(equality.after);
  if (before.length !== after.length) {
    const where = `${before.length} pages became ${after.length}`;
    return [{ kind: 'page', where, page: firstDifferent(before, after) }];
  }
  return before.flatMap((page, index) => {
    const other = after[index];
    return other ? comparePage(equality, page, other, index) : [];
  });
}

function firstDifferent(before: readonly PageEntry[], after: readonly PageEntry[]): number {
  const longest = Math.max(before.length, after.length);
  for (let index = 0; index < longest; index++) {
    if (before[index]?.number !== after[index]?.number) return index;
  }
  return 0;
}

function comparePage(
  equality: Equality,
  before: PageEntry,
  after: PageEntry,
  page: number,
): Change[] {
  const changes: Change[] = [];
  const add = (kind: Change['kind'], what: string): void => {
    changes.push({ kind, where: `page ${page + 1}, ${what}`, page });
  };
  if (!sameContent(equality, before.dict.get('Contents'), after.dict.get('Contents'))) {
    add('page', 'content');
  }
  for (const key of ['Resources', 'MediaBox', 'CropBox', 'Rotate']) {
    if (!equality.same(before.inherited.get(key), after.inherited.get(key))) {
      add('page', key === 'Resources' ? 'fonts, pictures or other resources' : `its ${key}`);
    }
  }
  const first = new Map([...before.dict].filter(([key]) => !COMPARED_ELSEWHERE.has(key)));
  const second = new Map([...after.dict].filter(([key]) => !COMPARED_ELSEWHERE.has(key)));
  for (const key of equality.changedKeys(first, second)) {
    if (METADATA.has(key)) add('metadata', key);
    else if (NAVIGATION.has(key)) add('navigation', key);
    else add(key === 'AA' ? 'action' : 'page', `its ${key}`);
  }
  return [
    ...changes,
    ...compareAnnotations(equality, before.dict.get('Annots'), after.dict.get('Annots'), page),
  ];
}

/** Content may be split over several streams anywhere between two words, so what counts is all of it together. */
function sameContent(
  equality: Equality,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): boolean {
  if (equality.same(before, after)) return true;
  const first = joined(equality.before, before);
  const second = joined(equality.after, after);
  return first !== null && first === second;
}

function joined(document: Equality['before'], contents: PdfValue | undefined): string | null {
  const value = document.resolve(contents);
  const streams = value instanceof PdfStream ? [value] : arrayOf(document, contents);
  const texts: string[] = [];
  for (const item of streams) {
    const stream = document.resolve(item);
    const data = stream instanceof PdfStream ? document.decode(stream)?.data : null;
    if (!data) return null;
    texts.push(data.toString('latin1').trim());
  }
  return texts.join('\n');
}
