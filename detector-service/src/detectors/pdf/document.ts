import { openEncryption, type Lock, type Opened } from './encryption.js';
import { Budget, decodeStream, type Decoded } from './filters.js';
import { PDF_LIMITS } from './limits.js';
import { PdfParser, PdfSyntaxError } from './parser.js';
import { scanObjects } from './scan.js';
import {
  PdfRef,
  PdfStream,
  dictOf,
  nameOf,
  numberOf,
  isDict,
  type PdfDict,
  type PdfValue,
} from './values.js';
import { readXrefChain, type XrefEntry, type XrefSection } from './xref.js';

/** The newest state of a document, as a viewer shows it: what its cross-reference sections say, from the newest to the oldest. */
export class PdfDocument {
  readonly sections: readonly XrefSection[];
  /** What was wrong with the file's skeleton; empty where nothing was. */
  readonly faults: readonly string[];
  readonly trailer: PdfDict;
  private readonly places: ReadonlyMap<number, XrefEntry>;
  private readonly objects = new Map<number, PdfValue>();
  private readonly packs = new Map<number, ReadonlyMap<number, PdfValue>>();
  private readonly reading = new Set<number>();
  private encryption: Opened = { lock: 'none', decrypt: null };

  constructor(
    readonly buffer: Buffer,
    private readonly budget = new Budget(),
  ) {
    const shift = Math.max(0, buffer.subarray(0, 1024).indexOf('%PDF-'));
    const chain = readXrefChain(buffer, shift);
    const places = new Map<number, XrefEntry>();
    for (const { entries } of chain.sections) {
      for (const [number, entry] of entries) if (!places.has(number)) places.set(number, entry);
    }
    this.sections = chain.sections;
    this.places = places;
    this.trailer = chain.sections.find(({ trailer }) => trailer.has('Root'))?.trailer ?? new Map();
    this.faults = chain.faults;
    this.unlock();
    if (this.catalog) return;

    // The skeleton leads nowhere: like viewers, take the last object of each number that the bytes hold.
    const scanned = scanObjects(buffer);
    this.objects.clear();
    this.packs.clear();
    this.places = scanned.places;
    for (const pack of scanned.packs) {
      let index = 0;
      for (const number of this.pack(pack).keys()) {
        scanned.places.set(number, { kind: 'packed', stream: pack, index: index++ });
      }
    }
    this.objects.clear();
    this.trailer = scanned.trailer ?? this.trailer;
    this.unlock();
    this.faults = [...chain.faults, 'rebuilt from the objects that were found'];
    if (!this.catalog) this.trailer = this.guessedTrailer();
  }

  /** Null where the bytes hold no document catalogue that can be read. */
  get catalog(): PdfDict | null {
    return dictOf(this.resolve(this.trailer.get('Root')));
  }

  get lock(): Lock {
    return this.encryption.lock;
  }

  /** Encrypted, and not open to everybody: strings and streams are not what they look like. */
  get isLocked(): boolean {
    return !['none', 'opened', 'attachments'].includes(this.lock);
  }

  get objectNumbers(): readonly number[] {
    return [...this.places].filter(([, { kind }]) => kind !== 'free').map(([number]) => number);
  }

  placeOf(number: number): XrefEntry | undefined {
    return this.places.get(number);
  }

  /** The value itself, or what a reference leads to; null where that is nothing. */
  resolve = (value: PdfValue | undefined): PdfValue => {
    for (let step = 0; value instanceof PdfRef; step++) {
      if (step > 16) return null;
      value = this.object(value.number);
    }
    return value ?? null;
  };

  dict(value: PdfValue | undefined): PdfDict | null {
    return dictOf(this.resolve(value));
  }

  decode(stream: PdfStream): Decoded | null {
    return decodeStream(stream, this.resolve, this.budget);
  }

  object(number: number): PdfValue {
    const known = this.objects.get(number);
    if (known !== undefined) return known;
    if (this.reading.has(number)) return null;
    this.reading.add(number);
    const value = this.read(number);
    this.reading.delete(number);
    this.objects.set(number, value);
    return value;
  }

  /** Objects that were read before the key was known are forgotten, since their strings are still encrypted. */
  private unlock(): void {
    this.encryption = openEncryption(this.trailer, this.resolve);
    if (!this.encryption.decrypt) return;
    this.objects.clear();
    this.packs.clear();
  }

  private read(number: number): PdfValue {
    const place = this.places.get(number);
    if (!place || place.kind === 'free') return null;
    if (place.kind === 'packed') return this.pack(place.stream).get(number) ?? null;
    try {
      const parser = new PdfParser(this.buffer, place.offset, (length) =>
        numberOf(this.resolve(length)),
      );
      const object = parser.readObject();
      if (object?.number !== number) return null;
      const { decrypt } = this.encryption;
      return decrypt ? decrypt(object.value, number, object.generation) : object.value;
    } catch (error) {
      if (error instanceof PdfSyntaxError) return null;
      throw error;
    }
  }

  /** The objects of an object stream (ISO 32000-2, 7.5.7). */
  private pack(number: number): ReadonlyMap<number, PdfValue> {
    const known = this.packs.get(number);
    if (known) return known;
    const objects = new Map<number, PdfValue>();
    this.packs.set(number, objects);
    const stream = this.object(number);
    if (!(stream instanceof PdfStream)) return objects;
    const data = this.decode(stream)?.data;
    const first = numberOf(this.resolve(stream.dict.get('First')));
    const count = numberOf(this.resolve(stream.dict.get('N')));
    if (!data || first === null || count === null) return objects;
    const index = new PdfParser(data);
    for (let nth = 0; nth < Math.min(count, PDF_LIMITS.entries); nth++) {
      const inner = index.takesInteger();
      const offset = inner === null ? null : index.takesInteger();
      if (inner === null || offset === null) break;
      try {
        objects.set(inner, new PdfParser(data, first + offset).readValue());
      } catch (error) {
        if (!(error instanceof PdfSyntaxError)) throw error;
      }
    }
    return objects;
  }

  private guessedTrailer(): PdfDict {
    for (const number of this.objectNumbers) {
      const value = this.object(number);
      if (isDict(value) && nameOf(value.get('Type')) === 'Catalog') {
        return new Map<string, PdfValue>([['Root', new PdfRef(number, 0)]]);
      }
    }
    return new Map();
  }
}
