/** The kinds of value that a PDF file is made of (ISO 32000-2, 7.3). */
export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | readonly PdfValue[]
  | PdfDict
  | PdfStream;

export class PdfName {
  constructor(readonly name: string) {}
}

export class PdfString {
  constructor(
    readonly bytes: Buffer,
    /** Where its token stands in the buffer it was read from, delimiters included: what a signature leaves out must be exactly this. */
    readonly start: number,
    readonly end: number,
  ) {}

  /** Text by the byte order mark, else Latin 1, which is near enough to PDFDocEncoding to be read by people. */
  get text(): string {
    const { bytes } = this;
    if (bytes[0] === 0xfe && bytes[1] === 0xff) {
      const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
      return Buffer.from(even).swap16().toString('utf16le');
    }
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      return bytes.subarray(3).toString('utf8');
    }
    return bytes.toString('latin1');
  }
}

export class PdfRef {
  constructor(
    readonly number: number,
    readonly generation: number,
  ) {}

  get key(): string {
    return `${this.number} ${this.generation}`;
  }
}

export type PdfDict = ReadonlyMap<string, PdfValue>;

export class PdfStream {
  constructor(
    readonly dict: PdfDict,
    /** As stored: filtered, and encrypted where the document is. */
    readonly raw: Buffer,
  ) {}
}

export function isDict(value: PdfValue | undefined): value is PdfDict {
  return value instanceof Map;
}

export function isArray(value: PdfValue | undefined): value is readonly PdfValue[] {
  return Array.isArray(value);
}

/** The dictionary of a dictionary or stream. */
export function dictOf(value: PdfValue | undefined): PdfDict | null {
  if (value instanceof PdfStream) return value.dict;
  return isDict(value) ? value : null;
}

export function nameOf(value: PdfValue | undefined): string | null {
  return value instanceof PdfName ? value.name : null;
}

export function numberOf(value: PdfValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

export function textOf(value: PdfValue | undefined): string | null {
  return value instanceof PdfString ? value.text : null;
}
