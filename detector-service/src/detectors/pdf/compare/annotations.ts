import { arrayOf, formFields } from '../signature-fields.js';
import { PdfRef, isArray, nameOf, type PdfDict, type PdfValue } from '../values.js';
import type { Change, ChangeKind } from './change.js';
import type { Equality } from './equality.js';

/** Annotations that stay beside the content or can only tint it; all others draw over it as if they belonged to the page. */
const BESIDE = new Set([
  'Text',
  'Link',
  'Popup',
  'Highlight',
  'Underline',
  'Squiggly',
  'StrikeOut',
  'Caret',
]);

/** Keys that say when and by whom, which no page shows. */
const SILENT = new Set([
  'Parent',
  'P',
  'M',
  'NM',
  'CreationDate',
  'StructParent',
  'Popup',
  'IRT',
  'T',
  'Subj',
]);

/** What changed in the annotations of one page. Widgets of form fields are left to the comparison of the form. */
export function compareAnnotations(
  equality: Equality,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
  page: number,
): Change[] {
  const fields = fieldDicts(equality.after);
  const old = fieldDicts(equality.before);
  const first = listed(equality.before, before).filter(({ dict }) => !old.has(dict));
  const second = listed(equality.after, after).filter(({ dict }) => !fields.has(dict));
  const changes: Change[] = [];
  const add = (dict: PdfDict, document: Equality['before'], what: string): void => {
    const subtype = nameOf(document.resolve(dict.get('Subtype')));
    const box = arrayOf(document, dict.get('Rect')).filter((item) => typeof item === 'number');
    changes.push({
      kind: kindOf(subtype),
      where: `page ${page + 1}, ${what} ${subtype ?? 'annotation'}`,
      page,
      ...(box.length === 4 ? { box } : {}),
    });
  };
  const matched = new Set<PdfDict>();
  for (const { number, dict } of second) {
    const twin =
      first.find((other) => number !== null && other.number === number) ??
      first.find((other) => !matched.has(other.dict) && equality.same(other.dict, dict));
    if (!twin) add(dict, equality.after, 'new');
    else {
      matched.add(twin.dict);
      if (!equality.sameKeys(twin.dict, dict, SILENT)) add(dict, equality.after, 'changed');
    }
  }
  for (const { dict } of first) {
    // What covered something and is gone uncovers it: that is seen, whatever kind it was.
    if (!matched.has(dict)) add(dict, equality.before, 'removed');
  }
  return changes;
}

function kindOf(subtype: string | null): ChangeKind {
  if (subtype === 'Widget') return 'field';
  return subtype !== null && BESIDE.has(subtype) ? 'comment' : 'overlay';
}

function fieldDicts(document: Equality['before']): ReadonlySet<PdfDict> {
  return new Set(formFields(document).map(({ dict }) => dict));
}

function listed(document: Equality['before'], value: PdfValue | undefined) {
  const annotations: { number: number | null; dict: PdfDict }[] = [];
  const resolved = document.resolve(value);
  for (const item of isArray(resolved) ? resolved : []) {
    const dict = document.dict(item);
    if (dict) annotations.push({ number: item instanceof PdfRef ? item.number : null, dict });
  }
  return annotations;
}
