import { afterLineEnd } from './revisions.js';
import { coveredEnd, type SignatureEntry } from './signature-fields.js';

export type Coverage =
  | {
      /** Everything but the signature itself, up to `end`, which is the end of a saving. */
      readonly kind: 'whole';
      readonly end: number;
      readonly parts: readonly Buffer[];
    }
  | {
      /** Something is left out that is not the signature, or the range is not one. */
      readonly kind: 'partial';
      readonly fault: string;
      readonly end: number | null;
      readonly parts: readonly Buffer[] | null;
    };

/** Bytes of a last line end that mail programs and version control drop; whether the rest is what was signed, the digest tells. */
const LOST_LINE_END = 2;

/**
 * Checks that a signature is over everything that was there when it was made: two ranges, the first from the first byte, the gap between them exactly the
 * signature's own hexadecimal digits, the second up to the end of a saving (ISO 32000-2, 12.8.1). What lies in a wider gap, or behind an earlier end, can
 * be exchanged at will: signature wrapping.
 */
export function checkCoverage(buffer: Buffer, entry: SignatureEntry): Coverage {
  const { byteRange, contents } = entry;
  const nothing = (fault: string): Coverage => ({ kind: 'partial', fault, end: null, parts: null });
  if (!contents || contents.bytes.every((byte) => byte === 0)) {
    return nothing('it holds no signature value');
  }
  if (!byteRange || byteRange.length < 2) return nothing('it does not say which bytes it signs');
  if (
    byteRange.length % 2 !== 0 ||
    byteRange.some((item) => !Number.isSafeInteger(item) || item < 0)
  ) {
    return nothing('its byte range is no range');
  }
  const parts: Buffer[] = [];
  let previousEnd = 0;
  for (let index = 0; index < byteRange.length; index += 2) {
    const from = byteRange[index] ?? 0;
    const to = from + (byteRange[index + 1] ?? 0);
    if (from < previousEnd) return nothing('its byte ranges overlap');
    if (to > buffer.length + LOST_LINE_END) {
      return nothing('its byte range reaches behind the end of the file');
    }
    parts.push(buffer.subarray(from, to));
    previousEnd = to;
  }
  const end = Math.min(coveredEnd(entry), buffer.length);
  const partial = (fault: string): Coverage => ({ kind: 'partial', fault, end, parts });
  if (byteRange.length !== 4)
    return partial(`it signs ${byteRange.length / 2} ranges instead of 2`);
  const [start = 0, firstLength = 0, second = 0] = byteRange;
  if (start !== 0) return partial('it does not start at the first byte');
  const gap = buffer.subarray(firstLength, second);
  if (!isExactly(gap, contents.bytes)) {
    return partial('it leaves out more than its own signature value');
  }
  if (!isEndOfSaving(buffer, end)) return partial('it ends in the middle of a saving');
  return { kind: 'whole', end, parts };
}

/** `<…>` around the digits of exactly these bytes. */
function isExactly(gap: Buffer, value: Buffer): boolean {
  if (gap[0] !== 0x3c || gap[gap.length - 1] !== 0x3e) return false;
  const digits = gap.toString('latin1', 1, gap.length - 1);
  if (!/^[0-9a-fA-F]*$/.test(digits)) return false;
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').equals(value);
}

/** Right behind `%%EOF`, with or without its line end, or nothing but space up to the end of the file. */
function isEndOfSaving(buffer: Buffer, end: number): boolean {
  const before = buffer.toString('latin1', Math.max(0, end - 64), end);
  if (/%%EOF\s*$/.test(before)) return true;
  return end >= buffer.length || afterLineEnd(buffer, end) >= buffer.length;
}
