import { PDF_LIMITS } from './limits.js';
import { PdfParser, PdfSyntaxError } from './parser.js';
import { PdfStream, isDict, nameOf, type PdfDict } from './values.js';
import type { XrefEntry } from './xref.js';

export interface Scanned {
  readonly places: Map<number, XrefEntry>;
  /** Numbers of the object streams; what they hold is for the document to read. */
  readonly packs: readonly number[];
  readonly trailer: PdfDict | null;
}

/** Finds objects without any cross-reference section: of each number the last one, as viewers do when they repair a file. */
export function scanObjects(buffer: Buffer): Scanned {
  const places = new Map<number, XrefEntry>();
  const packs: number[] = [];
  let trailer: PdfDict | null = null;
  for (const { number, generation, offset } of objectHeads(buffer, 0, buffer.length)) {
    places.set(number, { kind: 'at', offset, generation });
    const stream = packOrXref(buffer, offset);
    if (stream?.type === 'XRef' && stream.dict.has('Root')) trailer = stream.dict;
    if (stream?.type === 'ObjStm') packs.push(number);
  }
  for (let at = buffer.indexOf('trailer'); at >= 0; at = buffer.indexOf('trailer', at + 7)) {
    const value = readQuietly(new PdfParser(buffer, at + 7));
    if (isDict(value) && value.has('Root')) trailer = value;
  }
  return { places, packs, trailer };
}

export interface ObjectHead {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

const HEAD = /(?<![0-9])(\d{1,10})\s{1,4}(\d{1,5})\s{1,4}obj(?![a-zA-Z0-9])/g;

/** Every `12 0 obj` between two offsets. Those inside streams are counted as well: who scans cannot know. */
export function objectHeads(buffer: Buffer, from: number, to: number): readonly ObjectHead[] {
  const heads: ObjectHead[] = [];
  const text = buffer.toString('latin1', from, to);
  for (const match of text.matchAll(HEAD)) {
    if (heads.length >= PDF_LIMITS.entries) break;
    heads.push({
      number: Number(match[1]),
      generation: Number(match[2]),
      offset: from + match.index,
    });
  }
  return heads;
}

function packOrXref(buffer: Buffer, offset: number) {
  const opening = buffer.toString('latin1', offset, offset + 512);
  if (!/\/(?:ObjStm|XRef)/.test(opening)) return null;
  try {
    const value = new PdfParser(buffer, offset).readObject()?.value;
    if (!(value instanceof PdfStream)) return null;
    return { type: nameOf(value.dict.get('Type')), dict: value.dict };
  } catch (error) {
    if (error instanceof PdfSyntaxError) return null;
    throw error;
  }
}

function readQuietly(parser: PdfParser) {
  try {
    return parser.readValue();
  } catch (error) {
    if (error instanceof PdfSyntaxError) return null;
    throw error;
  }
}
