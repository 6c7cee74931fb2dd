import { PdfString, isDict, type PdfValue } from '../values.js';
import { arrayOf } from '../signature-fields.js';
import type { Change, ChangeKind } from './change.js';
import { ComparisonTooLargeError, Equality } from './equality.js';
import { compareForm } from './form.js';
import { comparePages } from './pages.js';
import type { PdfDocument } from '../document.js';

const CATALOG_KINDS: Readonly<Record<string, ChangeKind>> = {
  DSS: 'validation',
  Extensions: 'validation',
  Perms: 'validation',
  Metadata: 'metadata',
  PieceInfo: 'metadata',
  Version: 'metadata',
  Lang: 'metadata',
  LastModified: 'metadata',
  Outlines: 'navigation',
  PageLabels: 'navigation',
  PageMode: 'navigation',
  PageLayout: 'navigation',
  ViewerPreferences: 'navigation',
  StructTreeRoot: 'navigation',
  MarkInfo: 'navigation',
  Dests: 'navigation',
  Threads: 'navigation',
  OCProperties: 'layers',
  OpenAction: 'action',
  AA: 'action',
  URI: 'action',
  AF: 'attachment',
  Collection: 'attachment',
  OutputIntents: 'page',
};

const NAMES_KINDS: Readonly<Record<string, ChangeKind>> = {
  JavaScript: 'action',
  EmbeddedFiles: 'attachment',
  Renditions: 'action',
};

/** Keys of a trailer that say how the file is stored. */
const STORAGE = new Set([
  'Root',
  'Info',
  'ID',
  'Size',
  'Prev',
  'XRefStm',
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
  'DocChecksum',
]);
const COMPARED_ELSEWHERE = new Set(['Type', 'Pages', 'AcroForm', 'Names', 'Perms']);

/**
 * Everything in which two states of a document differ, by what it means to a reader. The walk starts at the trailer and follows what is reachable, so a
 * replaced object counts at each place where it is used.
 */
export function compareDocuments(before: PdfDocument, after: PdfDocument): readonly Change[] {
  const equality = new Equality(before, after);
  try {
    return [
      ...compareTrailers(equality),
      ...compareCatalogs(equality),
      ...comparePages(equality),
      ...compareForm(equality),
    ];
  } catch (error) {
    if (!(error instanceof ComparisonTooLargeError)) throw error;
    return [{ kind: 'other', where: 'more than can be compared', page: null }];
  }
}

function compareTrailers(equality: Equality): Change[] {
  const { before, after } = equality;
  const changes: Change[] = [];
  if (!equality.same(before.trailer.get('Info'), after.trailer.get('Info'))) {
    changes.push({ kind: 'metadata', where: 'document properties', page: null });
  }
  for (const key of equality.changedKeys(before.trailer, after.trailer, STORAGE)) {
    changes.push({ kind: 'other', where: `trailer, ${key}`, page: null });
  }
  return changes;
}

function compareCatalogs(equality: Equality): Change[] {
  const before = equality.before.catalog ?? undefined;
  const after = equality.after.catalog ?? undefined;
  const changes: Change[] = [];
  for (const key of equality.changedKeys(before, after, COMPARED_ELSEWHERE)) {
    changes.push({ kind: CATALOG_KINDS[key] ?? 'other', where: `document, ${key}`, page: null });
  }
  for (const key of equality.changedKeys(before?.get('Names'), after?.get('Names'))) {
    const kind =
      key === 'AP' && onlyIcons(equality, after?.get('Names')) ? 'navigation' : NAMES_KINDS[key];
    changes.push({ kind: kind ?? 'navigation', where: `document, ${key}`, page: null });
  }
  return changes;
}

/** Comments bring their icons as named appearances. */
function onlyIcons({ after }: Equality, names: PdfValue | undefined): boolean {
  const tree = after.dict(after.dict(names)?.get('AP'));
  return (
    isDict(tree ?? undefined) &&
    arrayOf(after, tree?.get('Names')).every(
      (item) => !(item instanceof PdfString) || /icon/i.test(item.text),
    )
  );
}
