import { PDF_LIMITS } from './limits.js';
import {
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  isDict,
  type PdfDict,
  type PdfValue,
} from './values.js';

/** The bytes are no PDF value where one was expected. */
export class PdfSyntaxError extends Error {}

const SPACE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)));

/** Says how long a stream is where its length is a reference; null where that is not known. */
export type LengthOf = (length: PdfValue | undefined) => number | null;

/** Reads values from a buffer, one after another (ISO 32000-2, 7.2 and 7.3). Never reads outside the buffer, never nests deeper than the limit. */
export class PdfParser {
  constructor(
    readonly buffer: Buffer,
    public at = 0,
    private readonly lengthOf: LengthOf = (length) => (typeof length === 'number' ? length : null),
  ) {}

  skipSpace(): void {
    const { buffer } = this;
    while (this.at < buffer.length) {
      const byte = buffer[this.at] ?? 0;
      if (byte === 0x25) {
        while (this.at < buffer.length && buffer[this.at] !== 0x0a && buffer[this.at] !== 0x0d) {
          this.at += 1;
        }
      } else if (SPACE.has(byte)) this.at += 1;
      else return;
    }
  }

  /** Whether the keyword stands here; steps over it if so. */
  takes(keyword: string): boolean {
    this.skipSpace();
    const end = this.at + keyword.length;
    if (this.buffer.toString('latin1', this.at, end) !== keyword) return false;
    if (isRegular(this.buffer[end]) && isRegular(keyword.charCodeAt(keyword.length - 1))) {
      return false;
    }
    this.at = end;
    return true;
  }

  /** A whole number without sign; null, and no step, where none stands here. */
  takesInteger(): number | null {
    this.skipSpace();
    let end = this.at;
    while (isDigit(this.buffer[end])) end += 1;
    if (end === this.at || end - this.at > 12) return null;
    const value = Number(this.buffer.toString('latin1', this.at, end));
    this.at = end;
    return value;
  }

  /** `12 0 obj … endobj`; null where no object starts here. */
  readObject(): {
    readonly number: number;
    readonly generation: number;
    readonly value: PdfValue;
  } | null {
    const start = this.at;
    const number = this.takesInteger();
    const generation = number === null ? null : this.takesInteger();
    if (number === null || generation === null || !this.takes('obj')) {
      this.at = start;
      return null;
    }
    const value = this.readValue();
    const stream = isDict(value) ? this.readStream(value) : null;
    this.takes('endobj');
    return { number, generation, value: stream ?? value };
  }

  /** @throws PdfSyntaxError */
  readValue(depth = 0): PdfValue {
    if (depth > PDF_LIMITS.depth) throw new PdfSyntaxError('nested too deeply');
    this.skipSpace();
    const byte = this.buffer[this.at];
    switch (byte) {
      case undefined:
        throw new PdfSyntaxError('the bytes end');
      case 0x2f:
        return this.readName();
      case 0x28:
        return this.readLiteralString();
      case 0x5b:
        return this.readArray(depth);
      case 0x3c:
        return this.buffer[this.at + 1] === 0x3c ? this.readDict(depth) : this.readHexString();
      default:
        return this.readNumberOrKeyword();
    }
  }

  private readName(): PdfName {
    let end = this.at + 1;
    while (isRegular(this.buffer[end])) end += 1;
    const raw = this.buffer.toString('latin1', this.at + 1, end);
    this.at = end;
    const name = raw.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return new PdfName(name);
  }

  private readArray(depth: number): PdfValue[] {
    this.at += 1;
    const items: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.buffer[this.at] === 0x5d) break;
      items.push(this.readValue(depth + 1));
    }
    this.at += 1;
    return items;
  }

  private readDict(depth: number): PdfDict {
    this.at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.buffer[this.at] === 0x3e && this.buffer[this.at + 1] === 0x3e) break;
      if (this.buffer[this.at] !== 0x2f) throw new PdfSyntaxError('a key is no name');
      const { name } = this.readName();
      this.skipSpace();
      // A key without a value, as careless writers leave at the end of a dictionary, counts as null.
      const isLeftOut = this.buffer[this.at] === 0x3e && this.buffer[this.at + 1] === 0x3e;
      entries.set(name, isLeftOut ? null : this.readValue(depth + 1));
    }
    this.at += 2;
    return entries;
  }

  private readHexString(): PdfString {
    const start = this.at;
    const end = this.buffer.indexOf(0x3e, start);
    if (end < 0) throw new PdfSyntaxError('a string has no end');
    const digits = this.buffer.toString('latin1', start + 1, end).replace(/[^0-9a-fA-F]/g, '');
    this.at = end + 1;
    const even = digits.length % 2 === 0 ? digits : `${digits}0`;
    return new PdfString(Buffer.from(even, 'hex'), start, this.at);
  }

  private readLiteralString(): PdfString {
    const start = this.at;
    const bytes: number[] = [];
    let open = 1;
    this.at += 1;
    while (open > 0) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new PdfSyntaxError('a string has no end');
      if (byte === 0x5c) this.readEscape(bytes);
      else {
        if (byte === 0x28) open += 1;
        if (byte === 0x29) open -= 1;
        if (open > 0) bytes.push(byte);
      }
    }
    return new PdfString(Buffer.from(bytes), start, this.at);
  }

  private readEscape(bytes: number[]): void {
    const byte = this.buffer[this.at++] ?? 0;
    const named = ESCAPES.get(byte);
    if (named !== undefined) bytes.push(named);
    else if (byte === 0x0d) {
      if (this.buffer[this.at] === 0x0a) this.at += 1;
    } else if (isOctal(byte)) {
      let code = byte - 0x30;
      for (let more = 0; more < 2 && isOctal(this.buffer[this.at]); more++) {
        code = code * 8 + ((this.buffer[this.at++] ?? 0x30) - 0x30);
      }
      bytes.push(code & 0xff);
    } else if (byte !== 0x0a) bytes.push(byte);
  }

  private readNumberOrKeyword(): PdfValue {
    const start = this.at;
    let end = start;
    while (isRegular(this.buffer[end])) end += 1;
    if (end === start) throw new PdfSyntaxError(`unexpected byte ${this.buffer[start]}`);
    const word = this.buffer.toString('latin1', start, Math.min(end, start + 64));
    this.at = end;
    if (/^\d{1,10}$/.test(word)) return this.readReference(Number(word)) ?? Number(word);
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (/^[+-]*\d*\.?\d*(?:-\d*)?$/.test(word))
      return Number.parseFloat(word.replace(/^[+-]*(?=-)/, '')) || 0;
    throw new PdfSyntaxError(`unknown word ${word}`);
  }

  private readReference(number: number): PdfRef | null {
    const start = this.at;
    const generation = this.takesInteger();
    if (generation !== null && this.takes('R')) return new PdfRef(number, generation);
    this.at = start;
    return null;
  }

  private readStream(dict: PdfDict): PdfStream | null {
    if (!this.takes('stream')) return null;
    if (this.buffer[this.at] === 0x0d) this.at += 1;
    if (this.buffer[this.at] === 0x0a) this.at += 1;
    const start = this.at;
    const end = this.endOfStream(start, this.lengthOf(dict.get('Length')));
    this.at = end;
    this.takes('endstream');
    return new PdfStream(dict, this.buffer.subarray(start, end));
  }

  /** The stated length where `endstream` follows it, else the next `endstream`, as viewers do. */
  private endOfStream(start: number, length: number | null): number {
    if (length !== null && length >= 0 && start + length <= this.buffer.length) {
      const probe = new PdfParser(this.buffer, start + length);
      if (probe.takes('endstream')) return start + length;
    }
    const found = this.buffer.indexOf('endstream', start);
    if (found < 0) return this.buffer.length;
    let end = found;
    if (this.buffer[end - 1] === 0x0a) end -= 1;
    if (this.buffer[end - 1] === 0x0d) end -= 1;
    return Math.max(start, end);
  }
}

const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && !SPACE.has(byte) && !DELIMITER.has(byte);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}
