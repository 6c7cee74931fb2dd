import { Budget, decodeStream } from './filters.js';
import { PDF_LIMITS } from './limits.js';
import { PdfParser, PdfSyntaxError } from './parser.js';
import {
  PdfStream,
  isArray,
  isDict,
  nameOf,
  numberOf,
  type PdfDict,
  type PdfValue,
} from './values.js';

/** Where an object is: at a byte, inside an object stream, or nowhere any more. */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'at'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number };

/** One cross-reference section: a table with its hybrid stream, or a stream. */
export interface XrefSection {
  readonly offset: number;
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly trailer: PdfDict;
  /** Where reading it ended. */
  readonly end: number;
}

export interface XrefChain {
  /** Newest first. */
  readonly sections: readonly XrefSection[];
  /** What was wrong with it, in a few words; empty where nothing was. */
  readonly faults: readonly string[];
}

/**
 * Follows the cross-reference sections from `startxref` along `Prev` (ISO 32000-2, 7.5.4 to 7.5.8).
 *
 * @param shift bytes before `%PDF-`, which some readers count and others do not
 */
export function readXrefChain(buffer: Buffer, shift: number): XrefChain {
  const sections: XrefSection[] = [];
  const faults: string[] = [];
  const seen = new Set<number>();
  const first = lastStartxref(buffer);
  if (first === null) return { sections, faults: ['no startxref'] };
  let left = PDF_LIMITS.entries;
  for (let next: number | null = first; next !== null;) {
    if (seen.has(next)) faults.push('the cross-reference sections form a circle');
    if (sections.length >= PDF_LIMITS.sections) faults.push('too many cross-reference sections');
    if (seen.has(next) || sections.length >= PDF_LIMITS.sections) break;
    seen.add(next);
    const section = readSection(buffer, next, shift, left);
    if (!section) {
      faults.push(`no cross-reference section at byte ${next}`);
      break;
    }
    left -= section.entries.size;
    sections.push(section);
    next = numberOf(section.trailer.get('Prev'));
  }
  return { sections, faults };
}

/** The offset that the last `startxref` names; null where there is none. */
export function lastStartxref(buffer: Buffer): number | null {
  const at = buffer.lastIndexOf('startxref');
  return at < 0 ? null : new PdfParser(buffer, at + 9).takesInteger();
}

function readSection(
  buffer: Buffer,
  offset: number,
  shift: number,
  most: number,
): XrefSection | null {
  for (const at of new Set([offset, offset + shift])) {
    try {
      const section = readTable(buffer, at, shift, most) ?? readStreamSection(buffer, at, most);
      if (section) return section;
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
    }
  }
  return null;
}

function readTable(
  buffer: Buffer,
  offset: number,
  shift: number,
  most: number,
): XrefSection | null {
  const parser = new PdfParser(buffer, offset);
  if (!parser.takes('xref')) return null;
  const entries = new Map<number, XrefEntry>();
  while (!parser.takes('trailer')) {
    const start = parser.takesInteger();
    const count = start === null ? null : parser.takesInteger();
    if (start === null || count === null) throw new PdfSyntaxError('no cross-reference subsection');
    for (let index = 0; index < count; index++) {
      const at = parser.takesInteger();
      const generation = at === null ? null : parser.takesInteger();
      if (at === null || generation === null) break;
      const isUsed = parser.takes('n');
      if (!isUsed && !parser.takes('f')) throw new PdfSyntaxError('no cross-reference entry');
      if (entries.size >= most) throw new PdfSyntaxError('too many cross-reference entries');
      entries.set(
        start + index,
        isUsed && at > 0 ? { kind: 'at', offset: at + shift, generation } : { kind: 'free' },
      );
    }
  }
  const trailer = parser.readValue();
  if (!isDict(trailer)) throw new PdfSyntaxError('no trailer');
  const hybrid = numberOf(trailer.get('XRefStm'));
  const more = hybrid === null ? null : hybridSection(buffer, hybrid + shift, most);
  // Readers that know cross-reference streams look there first for what the table calls free.
  for (const [number, entry] of more?.entries ?? []) {
    if (entries.get(number)?.kind !== 'at') entries.set(number, entry);
  }
  return { offset, entries, trailer, end: parser.at };
}

function hybridSection(buffer: Buffer, offset: number, most: number): XrefSection | null {
  try {
    return readStreamSection(buffer, offset, most);
  } catch (error) {
    if (error instanceof PdfSyntaxError) return null;
    throw error;
  }
}

function readStreamSection(buffer: Buffer, offset: number, most: number): XrefSection | null {
  const parser = new PdfParser(buffer, offset);
  const stream = parser.readObject()?.value;
  if (!(stream instanceof PdfStream) || nameOf(stream.dict.get('Type')) !== 'XRef') return null;
  const data = decodeStream(stream, (value) => value ?? null, new Budget())?.data;
  const widths = numbersOf(stream.dict.get('W'));
  if (!data || widths.length < 3 || widths.some((width) => width < 0 || width > 8)) return null;
  const [kindWidth = 0, placeWidth = 0, lastWidth = 0] = widths;
  const perEntry = kindWidth + placeWidth + lastWidth;
  if (perEntry === 0) return null;
  const size = numberOf(stream.dict.get('Size')) ?? 0;
  const index = numbersOf(stream.dict.get('Index'));
  const ranges = index.length >= 2 ? index : [0, size];
  const entries = new Map<number, XrefEntry>();
  let at = 0;
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const start = ranges[range] ?? 0;
    const count = ranges[range + 1] ?? 0;
    for (let nth = 0; nth < count && at + perEntry <= data.length; nth++, at += perEntry) {
      if (entries.size >= most) throw new PdfSyntaxError('too many cross-reference entries');
      const kind = kindWidth === 0 ? 1 : bigEndian(data, at, kindWidth);
      const place = bigEndian(data, at + kindWidth, placeWidth);
      const last = bigEndian(data, at + kindWidth + placeWidth, lastWidth);
      entries.set(start + nth, entryOf(kind, place, last));
    }
  }
  return { offset, entries, trailer: stream.dict, end: parser.at };
}

function entryOf(kind: number, place: number, last: number): XrefEntry {
  if (kind === 1) return { kind: 'at', offset: place, generation: last };
  if (kind === 2) return { kind: 'packed', stream: place, index: last };
  return { kind: 'free' };
}

function numbersOf(value: PdfValue | undefined): number[] {
  return isArray(value) ? value.filter((item) => typeof item === 'number') : [];
}

function bigEndian(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (data[at + index] ?? 0);
  return value;
}
