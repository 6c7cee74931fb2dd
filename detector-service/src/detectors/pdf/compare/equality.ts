import type { PdfDocument } from '../document.js';
import { PDF_LIMITS } from '../limits.js';
import {
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  dictOf,
  isArray,
  isDict,
  nameOf,
  type PdfValue,
} from '../values.js';

/** Keys that lead back up; following them would compare the whole document with itself. */
const UPWARD = new Set(['Parent', 'P', 'Pg']);

/** Thrown where two states are too large to compare within the limit. */
export class ComparisonTooLargeError extends Error {}

/** Compares values of two states of one document by what they mean: references are followed, filters undone, numbering ignored. */
export class Equality {
  private readonly assumed = new Set<string>();
  private visited = 0;

  constructor(
    readonly before: PdfDocument,
    readonly after: PdfDocument,
  ) {}

  /** @throws ComparisonTooLargeError */
  same(one: PdfValue | undefined, other: PdfValue | undefined): boolean {
    this.visited += 1;
    if (this.visited > PDF_LIMITS.comparedValues) throw new ComparisonTooLargeError();
    if (one instanceof PdfRef && other instanceof PdfRef) {
      const pair = `${one.key}=${other.key}`;
      // A pair that is being compared further up is taken for equal: a difference is found there.
      if (this.assumed.has(pair)) return true;
      this.assumed.add(pair);
      const isSame = this.sameResolved(this.before.resolve(one), this.after.resolve(other));
      if (!isSame) this.assumed.delete(pair);
      return isSame;
    }
    return this.sameResolved(this.before.resolve(one), this.after.resolve(other));
  }

  private sameResolved(one: PdfValue, other: PdfValue): boolean {
    if (one === other) return true;
    if (one === null || other === null) return false;
    if (one instanceof PdfName) return one.name === nameOf(other);
    if (one instanceof PdfString)
      return other instanceof PdfString && one.bytes.equals(other.bytes);
    if (one instanceof PdfStream) return other instanceof PdfStream && this.sameStream(one, other);
    if (isArray(one)) {
      return (
        isArray(other) &&
        one.length === other.length &&
        one.every((item, index) => this.same(item, other[index]))
      );
    }
    if (isDict(one)) return isDict(other) && this.sameKeys(one, other, UPWARD);
    return false;
  }

  /** Whether two dictionaries agree in all keys but those left out. */
  sameKeys(
    one: PdfValue | undefined,
    other: PdfValue | undefined,
    leftOut: ReadonlySet<string> = UPWARD,
  ): boolean {
    return this.changedKeys(one, other, leftOut).length === 0;
  }

  changedKeys(
    one: PdfValue | undefined,
    other: PdfValue | undefined,
    leftOut: ReadonlySet<string> = UPWARD,
  ): string[] {
    const first = dictOf(this.before.resolve(one)) ?? new Map<string, PdfValue>();
    const second = dictOf(this.after.resolve(other)) ?? new Map<string, PdfValue>();
    // A page is compared where the pages are; who merely names one, names it by its place.
    if (isPage(first) && isPage(second)) return [];
    // A signature's reference to what it covers is the whole document once more.
    const isReference = first.has('TransformMethod');
    return [...new Set([...first.keys(), ...second.keys()])].filter(
      (key) =>
        !leftOut.has(key) &&
        !(isReference && key === 'Data') &&
        !this.same(first.get(key), second.get(key)),
    );
  }

  private sameStream(one: PdfStream, other: PdfStream): boolean {
    if (!this.sameKeys(one.dict, other.dict, STORAGE)) return false;
    if (one.raw.equals(other.raw) && this.sameFilters(one, other)) return true;
    const first = this.before.decode(one);
    const second = this.after.decode(other);
    return (
      first !== null &&
      second !== null &&
      first.imageFilter === second.imageFilter &&
      first.data.equals(second.data)
    );
  }

  private sameFilters(one: PdfStream, other: PdfStream): boolean {
    return ['Filter', 'DecodeParms'].every((key) =>
      this.same(one.dict.get(key), other.dict.get(key)),
    );
  }
}

const STORAGE = new Set([...UPWARD, 'Length', 'Filter', 'DecodeParms', 'DL']);

function isPage(dict: ReadonlyMap<string, PdfValue>): boolean {
  return nameOf(dict.get('Type')) === 'Page';
}
