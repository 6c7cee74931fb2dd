import { performance } from 'node:perf_hooks';

import type { Pixels } from '../../intake/image.js';
import type { Change } from './compare/change.js';
import { listPages } from './compare/page-list.js';
import type { PdfDocument } from './document.js';
import { regionOf, type Region } from './page-geometry.js';
import { PageRenderer } from './render.js';
import { formFields, arrayOf } from './signature-fields.js';
import { visibleChange, type VisibleChange } from './visible-change.js';

/** Pages of which two states are rendered. */
const MOST_PAGES = 8;

export interface ChangedPage {
  /** From 0. */
  readonly page: number;
  readonly before: Pixels;
  readonly after: Pixels;
  readonly change: VisibleChange;
}

/**
 * Renders the pages as they were signed and as they are now, and compares what is seen outside the places that may change. Pages named by a change come
 * first.
 *
 * @param deadline by `performance.now()`; no page is begun after it
 * @returns null where the two states cannot both be rendered
 */
export async function visiblyChangedPages(
  signed: PdfDocument,
  now: PdfDocument,
  allowed: readonly Change[],
  forbidden: readonly Change[],
  deadline: number,
): Promise<readonly ChangedPage[] | null> {
  const before = await PageRenderer.open(signed.buffer);
  const after = await PageRenderer.open(now.buffer);
  const changed: ChangedPage[] = [];
  try {
    if (!before || !after || before.pages === 0 || after.pages === 0) return null;
    for (const page of pagesToRender(forbidden, before.pages, after.pages)) {
      if (performance.now() > deadline) break;
      const first = await before.render(page);
      const second = await after.render(page);
      if (!first || !second) continue;
      const change = visibleChange(first, second, allowedRegions(now, page, allowed));
      if (change) changed.push({ page, before: first, after: second, change });
    }
    return changed;
  } finally {
    before?.close();
    after?.close();
  }
}

function pagesToRender(changes: readonly Change[], before: number, after: number): number[] {
  const named = changes.map(({ page }) => page).filter((page) => page !== null);
  const all = Array.from({ length: Math.min(before, after, MOST_PAGES) }, (_, page) => page);
  const inBoth = named.filter((page) => page < Math.min(before, after));
  return [...new Set([...inBoth, ...all])].slice(0, MOST_PAGES);
}

function allowedRegions(now: PdfDocument, page: number, allowed: readonly Change[]): Region[] {
  const entry = listPages(now)[page];
  if (!entry) return [];
  const annotations = new Set(arrayOf(now, entry.dict.get('Annots')).map((item) => now.dict(item)));
  const fields = new Map(
    formFields(now)
      .filter(({ dict }) => annotations.has(dict))
      .map((field) => [field.name, field]),
  );
  return allowed
    .filter((change) => change.box && (change.page === page || fields.has(change.field ?? '')))
    .map((change) => regionOf(now, entry, drawn(change)));
}

/** Icons of notes are as large as the viewer likes, whatever their rectangle says. */
const ICON = 24;

function drawn({ kind, box = [] }: Change): number[] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
  const slack = kind === 'comment' ? ICON : 0;
  return [
    Math.min(x0, x1) - slack,
    Math.min(y0, y1) - slack,
    Math.max(x0, x1) + slack,
    Math.max(y0, y1) + slack,
  ];
}
