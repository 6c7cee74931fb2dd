import { objectHeads } from './scan.js';
import type { PdfDocument } from './document.js';
import type { XrefSection } from './xref.js';

/** One saving of a document. The bytes up to `end` are the document as it was then. */
export interface Revision {
  readonly start: number;
  /** Exclusive: behind `%%EOF` and its line end. */
  readonly end: number;
  /** Numbers of the objects it added or replaced. */
  readonly objects: readonly number[];
}

/**
 * The savings of a document, oldest first. Each cross-reference section ends one, but the two sections of a linearised file are one saving: the section
 * at its front names the other one behind it.
 */
export function listRevisions(document: PdfDocument): readonly Revision[] {
  const revisions: Revision[] = [];
  const oldestFirst = [...document.sections].reverse();
  let start = 0;
  for (let index = 0; index < oldestFirst.length; index++) {
    const group = [oldestFirst[index]].filter((section) => section !== undefined);
    while (isFrontSection(oldestFirst[index + 1], group)) {
      index += 1;
      group.push(...oldestFirst.slice(index, index + 1));
    }
    const end = Math.max(...group.map((section) => endOfSection(document.buffer, section)));
    // A section that stands before the end of an older one cannot be a later saving of it; it is read, but ends nothing.
    if (end <= start) continue;
    revisions.push({ start, end, objects: usedNumbers(group) });
    start = end;
  }
  return revisions;
}

function isFrontSection(
  newer: XrefSection | undefined,
  group: readonly XrefSection[],
): newer is XrefSection {
  return newer !== undefined && group.some(({ offset }) => newer.offset < offset);
}

function usedNumbers(sections: readonly XrefSection[]): number[] {
  const numbers = sections.flatMap(({ entries }) =>
    [...entries].filter(([, { kind }]) => kind !== 'free').map(([number]) => number),
  );
  return [...new Set(numbers)];
}

function endOfSection(buffer: Buffer, { end }: XrefSection): number {
  const at = buffer.indexOf('%%EOF', end);
  return at < 0 ? buffer.length : afterLineEnd(buffer, at + 5);
}

/** Steps over one line end. */
export function afterLineEnd(buffer: Buffer, at: number): number {
  let end = at;
  if (buffer[end] === 0x0d) end += 1;
  if (buffer[end] === 0x0a) end += 1;
  return end;
}

/**
 * Numbers of objects that stand behind a byte although no cross-reference section places them there: readers that repair files would take them for
 * newer versions, others never see them.
 */
export function strayObjects(document: PdfDocument, from: number): readonly number[] {
  const placed = new Set<number>();
  for (const { entries, offset } of document.sections) {
    placed.add(offset);
    for (const entry of entries.values()) if (entry.kind === 'at') placed.add(entry.offset);
    for (const entry of entries.values()) {
      const pack = entry.kind === 'packed' ? document.placeOf(entry.stream) : undefined;
      if (pack?.kind === 'at') placed.add(pack.offset);
    }
  }
  return objectHeads(document.buffer, from, document.buffer.length)
    .filter(({ offset }) => ![0, 1, 2].some((slack) => placed.has(offset - slack)))
    .map(({ number }) => number);
}
