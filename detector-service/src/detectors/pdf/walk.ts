import type { PdfDocument } from './document.js';
import { PdfStream, dictOf, isArray, isDict, type PdfDict, type PdfValue } from './values.js';

/** Objects that are looked through one by one; real documents have fewer. */
const MOST_OBJECTS = 50_000;
const DEEPEST = 32;

/** Every dictionary of the document that its cross-reference sections know, with the number of the object it stands in. */
export function* allDicts(
  document: PdfDocument,
): Generator<{ readonly number: number; readonly dict: PdfDict; readonly isStream: boolean }> {
  for (const number of document.objectNumbers.slice(0, MOST_OBJECTS)) {
    const value = document.object(number);
    for (const dict of dictsIn(value, 0)) {
      yield { number, dict, isStream: value instanceof PdfStream && value.dict === dict };
    }
  }
}

function* dictsIn(value: PdfValue, depth: number): Generator<PdfDict> {
  if (depth > DEEPEST) return;
  const dict = dictOf(value);
  if (dict) {
    yield dict;
    for (const item of dict.values()) yield* dictsIn(item, depth + 1);
  } else if (isArray(value)) {
    for (const item of value) yield* dictsIn(item, depth + 1);
  }
}

/** A name tree (ISO 32000-2, 7.9.6) as pairs of name and value. */
export function nameTree(
  document: PdfDocument,
  root: PdfValue | undefined,
): readonly [PdfValue, PdfValue][] {
  const pairs: [PdfValue, PdfValue][] = [];
  const seen = new Set<PdfDict>();
  const visit = (value: PdfValue | undefined): void => {
    const node = document.dict(value);
    if (!node || seen.has(node) || seen.size > 2_000) return;
    seen.add(node);
    const names = document.resolve(node.get('Names'));
    if (isArray(names)) {
      for (let index = 0; index + 1 < names.length && pairs.length < 2_000; index += 2) {
        pairs.push([document.resolve(names[index]), document.resolve(names[index + 1])]);
      }
    }
    const kids = document.resolve(node.get('Kids'));
    if (isArray(kids)) kids.forEach(visit);
  };
  if (isDict(root) || root !== undefined) visit(root);
  return pairs;
}
