import type { PdfDocument } from '../document.js';
import { PDF_LIMITS } from '../limits.js';
import { arrayOf } from '../signature-fields.js';
import { PdfRef, nameOf, type PdfDict, type PdfValue } from '../values.js';

export interface PageEntry {
  /** Number of its object; null for a page that is written straight into the tree. */
  readonly number: number | null;
  readonly dict: PdfDict;
  /** What it inherits from the nodes above it (ISO 32000-2, 7.7.3.4), its own values first. */
  readonly inherited: PdfDict;
}

/** Nodes of the page tree that are visited. */
const MOST_NODES = 10_000;

const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

/** The pages in reading order. */
export function listPages(document: PdfDocument): readonly PageEntry[] {
  const pages: PageEntry[] = [];
  const above = new Set<PdfDict>();
  let visits = 0;
  const visit = (value: PdfValue | undefined, passedDown: PdfDict): void => {
    const dict = document.dict(value);
    visits += 1;
    // One page may stand in the tree twice; a node above itself is a circle.
    if (!dict || above.has(dict) || pages.length >= PDF_LIMITS.pages) return;
    if (visits > MOST_NODES) return;
    const inherited = new Map(passedDown);
    for (const key of INHERITED) {
      const own = dict.get(key);
      if (own !== undefined) inherited.set(key, own);
    }
    if (dict.has('Kids') && nameOf(document.resolve(dict.get('Type'))) !== 'Page') {
      above.add(dict);
      for (const kid of arrayOf(document, dict.get('Kids'))) visit(kid, inherited);
      above.delete(dict);
    } else pages.push({ number: value instanceof PdfRef ? value.number : null, dict, inherited });
  };
  visit(document.catalog?.get('Pages'), new Map());
  return pages;
}
