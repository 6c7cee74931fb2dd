import type { Word } from './ocr.js';

/** What a machine-readable zone says of fields that the visual zone shows as well. Dates are YYMMDD. */
export interface ZoneValues {
  readonly number: string;
  readonly birth: string;
  readonly expiry: string;
  readonly surname: string;
}

export type SharedField = 'document number' | 'date of birth' | 'date of expiry' | 'surname';

export interface Comparison {
  readonly same: readonly SharedField[];
  /** Shown otherwise, beyond what misreading explains. */
  readonly different: readonly SharedField[];
}

/** Words read less surely say nothing against anybody. */
const SURE = 80;
/** Years before expiry that only a date of birth can lie; documents are issued for at most ten, in few countries fifteen. */
const LONGEST_VALIDITY = 16;

interface ShownDate {
  readonly date: string;
  readonly isSure: boolean;
}

/**
 * Compares both zones. A field counts as different only where a like thing is shown that differs in few places, and where the other date was found as it
 * should be, which proves that dates are being read. Fields that were not found are in neither list.
 *
 * @param today YYYYMMDD
 */
export function compareZones(
  values: ZoneValues,
  lines: readonly (readonly Word[])[],
  today: string,
): Comparison {
  const shownLines = lines.filter((line) => !isOfZone(line));
  const dates = shownLines.flatMap(datesIn);
  const isShown = (date: string): boolean => dates.some((shown) => shown.date.slice(2) === date);
  const words = shownLines.flat();
  const same: SharedField[] = [];
  const different: SharedField[] = [];
  const number = compareNumber(values.number, words);
  if (number) (number === 'same' ? same : different).push('document number');
  const [isBirthShown, isExpiryShown] = [isShown(values.birth), isShown(values.expiry)];
  if (isBirthShown) same.push('date of birth');
  else if (isExpiryShown && dates.some((shown) => isOtherBirth(shown, values))) {
    different.push('date of birth');
  }
  if (isExpiryShown) same.push('date of expiry');
  else if (isBirthShown && dates.some((shown) => isOtherExpiry(shown, values, today))) {
    different.push('date of expiry');
  }
  if (values.surname.length > 2 && words.some(({ text }) => plain(text) === values.surname)) {
    same.push('surname');
  }
  return { same, different };
}

/** Lines of the machine-readable zone itself, as far as they were read: fillers, or a word as long as none is. */
function isOfZone(line: readonly Word[]): boolean {
  return line.some(({ text }) => text.includes('<') || text.length > 20);
}

function isOtherBirth({ date, isSure }: ShownDate, { birth, expiry }: ZoneValues): boolean {
  const expiryYear = 2000 + Number(expiry.slice(0, 2));
  return (
    isSure &&
    Number(date.slice(0, 4)) <= expiryYear - LONGEST_VALIDITY &&
    differsLittle(date.slice(2), birth, 3)
  );
}

/** A date that is still to come is no date of issue. */
function isOtherExpiry(
  { date, isSure }: ShownDate,
  { birth, expiry }: ZoneValues,
  today: string,
): boolean {
  return (
    isSure && date > today && date.slice(2) !== birth && differsLittle(date.slice(2), expiry, 3)
  );
}

function differsLittle(one: string, other: string, most: number): boolean {
  const places = [...one].filter((letter, i) => letter !== other[i]).length;
  return one.length === other.length && places > 0 && places <= most;
}

const LOOKALIKES = ['0OQDC', '1ILT7', '2Z', '5S', '8B', '6G', '4A', 'UV', 'MN', 'EF', 'PR', 'KX'];

function compareNumber(number: string, words: readonly Word[]): 'same' | 'different' | null {
  if (number.length < 6) return null;
  const shown = words.map(({ text, confidence }) => ({ text: plain(text), confidence }));
  const joined = shown.map(({ text }) => text).join('');
  if (joined.includes(number)) return 'same';
  const isOther = shown.some(({ text, confidence }) => {
    if (confidence < SURE || !differsLittle(text, number, 2)) return false;
    return [...text].every((letter, i) => letter === number[i] || !isLookalike(letter, number[i]));
  });
  return isOther ? 'different' : null;
}

function isLookalike(one: string, other = ''): boolean {
  const isDigit = (letter: string): boolean => /\d/.test(letter);
  return (
    isDigit(one) !== isDigit(other) ||
    LOOKALIKES.some((group) => group.includes(one) && group.includes(other))
  );
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** As in `12 AUG/AOUT 74` and `12 August 1974`. */
const BY_NAME =
  /\b(\d{1,2})[ .-]?([A-Z]{3,9})(?: ?\/ ?[A-Z]{3,9}\.?)?[ .-]{0,2}(\d{4}|\d{2})(?!\d)/g;
const DAY_FIRST = /(?<!\d)(\d{2})[ ./-]{1,2}(\d{2})[ ./-]{1,2}(\d{4})(?!\d)/g;
const YEAR_FIRST = /(?<!\d)(\d{4})[ ./-]{1,2}(\d{2})[ ./-]{1,2}(\d{2})(?!\d)/g;
/** Years of two digits from here on are of the last century: no document is valid that long, and hardly anybody so old. */
const PIVOT = 50;

/** Dates as YYYYMMDD; those in figures with the day or the year first. */
function datesIn(words: readonly Word[]): ShownDate[] {
  const text = words.map((word) => word.text.toUpperCase()).join(' ');
  const isSure = words
    .filter((word) => /\d/.test(word.text))
    .every(({ confidence }) => confidence >= SURE);
  const found: string[] = [];
  for (const [, day = '', name = '', year = ''] of text.matchAll(BY_NAME)) {
    const month = MONTHS.indexOf(name.slice(0, 3)) + 1;
    if (month > 0) found.push(`${inFull(year)}${padded(month)}${day.padStart(2, '0')}`);
  }
  for (const [, day = '', month = '', year = ''] of text.matchAll(DAY_FIRST)) {
    found.push(`${year}${month}${day}`);
  }
  for (const [, year = '', month = '', day = ''] of text.matchAll(YEAR_FIRST)) {
    found.push(`${year}${month}${day}`);
  }
  return found.map((date) => ({ date, isSure }));
}

function inFull(year: string): string {
  if (year.length === 4) return year;
  return `${Number(year) >= PIVOT ? 19 : 20}${year}`;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
