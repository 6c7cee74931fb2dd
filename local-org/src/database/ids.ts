/** Record ids: 15 case-sensitive characters and the 3-character checksum that makes them case-insensitive. */
import { idSuffix } from '../values/ids.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The id of the nth row of an object. */
export function makeId(keyPrefix: string, number: number): string {
  let digits = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62))
    digits = DIGITS[rest % 62] + digits;
  const id15 = `${keyPrefix}000${digits.padStart(9, '0')}`;
  return id15 + idSuffix(id15);
}

/**
 * The 18-character form of an id given with 15 or 18 characters, or null when the text is no id. The checksum of an
 * 18-character id whose letters changed case restores them, as on the platform.
 */
export function toId18(text: string): string | null {
  if (!/^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(text)) return null;
  if (text.length === 15) return text + idSuffix(text);
  let id15 = '';
  for (let index = 0; index < 15; index++) {
    const bits = CHECKSUM.indexOf(text.charAt(15 + Math.floor(index / 5)).toUpperCase());
    if (bits < 0) return null;
    const character = text.charAt(index);
    const isUpper = (bits & (1 << (index % 5))) !== 0;
    id15 += isUpper ? character.toUpperCase() : character.toLowerCase();
  }
  return id15 + idSuffix(id15);
}
