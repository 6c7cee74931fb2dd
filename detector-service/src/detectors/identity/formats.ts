/** What may stand at a place of a zone. */
export type Kind = 'letters' | 'digits' | 'any' | 'sex';

export type FieldName =
  'document number' | 'date of birth' | 'date of expiry' | 'optional data' | 'whole zone';

/** A stretch of one line; `to` is exclusive. */
export interface Span {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** A field with the digit that checks it. */
export interface CheckedField {
  readonly name: FieldName;
  readonly spans: readonly Span[];
  readonly digit: Span;
}

/** One of the formats of ICAO Doc 9303, parts 4 to 7. */
export interface ZoneFormat {
  readonly name: 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B';
  readonly lines: number;
  readonly width: number;
  /** First letters of the document code. */
  readonly codes: RegExp;
  readonly kinds: readonly (Span & { readonly kind: Kind })[];
  readonly checked: readonly CheckedField[];
  readonly names: Span;
  readonly state: Span;
}

const span = (line: number, from: number, to: number): Span => ({ line, from, to });
const kind = (line: number, from: number, to: number, of: Kind) => ({ line, from, to, kind: of });

/** The second line of two is alike in passports, visas and cards up to its optional data. */
const LOWER_KINDS = [
  kind(1, 0, 9, 'any'),
  kind(1, 9, 10, 'digits'),
  kind(1, 10, 13, 'letters'),
  kind(1, 13, 20, 'digits'),
  kind(1, 20, 21, 'sex'),
  kind(1, 21, 28, 'digits'),
];
const LOWER_CHECKED: readonly CheckedField[] = [
  { name: 'document number', spans: [span(1, 0, 9)], digit: span(1, 9, 10) },
  { name: 'date of birth', spans: [span(1, 13, 19)], digit: span(1, 19, 20) },
  { name: 'date of expiry', spans: [span(1, 21, 27)], digit: span(1, 27, 28) },
];

export const FORMATS: readonly ZoneFormat[] = [
  {
    name: 'TD3',
    lines: 2,
    width: 44,
    codes: /^P/,
    kinds: [
      kind(0, 0, 44, 'letters'),
      ...LOWER_KINDS,
      kind(1, 28, 42, 'any'),
      kind(1, 42, 44, 'digits'),
    ],
    checked: [
      ...LOWER_CHECKED,
      { name: 'optional data', spans: [span(1, 28, 42)], digit: span(1, 42, 43) },
      {
        name: 'whole zone',
        spans: [span(1, 0, 10), span(1, 13, 20), span(1, 21, 43)],
        digit: span(1, 43, 44),
      },
    ],
    names: span(0, 5, 44),
    state: span(0, 2, 5),
  },
  {
    name: 'MRV-A',
    lines: 2,
    width: 44,
    codes: /^V/,
    kinds: [kind(0, 0, 44, 'letters'), ...LOWER_KINDS, kind(1, 28, 44, 'any')],
    checked: LOWER_CHECKED,
    names: span(0, 5, 44),
    state: span(0, 2, 5),
  },
  {
    name: 'TD2',
    lines: 2,
    width: 36,
    codes: /^[ACI]/,
    kinds: [
      kind(0, 0, 36, 'letters'),
      ...LOWER_KINDS,
      kind(1, 28, 35, 'any'),
      kind(1, 35, 36, 'digits'),
    ],
    checked: [
      ...LOWER_CHECKED,
      {
        name: 'whole zone',
        spans: [span(1, 0, 10), span(1, 13, 20), span(1, 21, 35)],
        digit: span(1, 35, 36),
      },
    ],
    names: span(0, 5, 36),
    state: span(0, 2, 5),
  },
  {
    name: 'MRV-B',
    lines: 2,
    width: 36,
    codes: /^V/,
    kinds: [kind(0, 0, 36, 'letters'), ...LOWER_KINDS, kind(1, 28, 36, 'any')],
    checked: LOWER_CHECKED,
    names: span(0, 5, 36),
    state: span(0, 2, 5),
  },
  {
    name: 'TD1',
    lines: 3,
    width: 30,
    codes: /^[ACI]/,
    kinds: [
      kind(0, 0, 5, 'letters'),
      kind(0, 5, 14, 'any'),
      kind(0, 14, 15, 'digits'),
      kind(0, 15, 30, 'any'),
      kind(1, 0, 7, 'digits'),
      kind(1, 7, 8, 'sex'),
      kind(1, 8, 15, 'digits'),
      kind(1, 15, 18, 'letters'),
      kind(1, 18, 29, 'any'),
      kind(1, 29, 30, 'digits'),
      kind(2, 0, 30, 'letters'),
    ],
    checked: [
      { name: 'document number', spans: [span(0, 5, 14)], digit: span(0, 14, 15) },
      { name: 'date of birth', spans: [span(1, 0, 6)], digit: span(1, 6, 7) },
      { name: 'date of expiry', spans: [span(1, 8, 14)], digit: span(1, 14, 15) },
      {
        name: 'whole zone',
        spans: [span(0, 5, 30), span(1, 0, 7), span(1, 8, 15), span(1, 18, 29)],
        digit: span(1, 29, 30),
      },
    ],
    names: span(2, 0, 30),
    state: span(0, 2, 5),
  },
];

/** Formats that a zone of so many lines of so many glyphs can have. */
export function formatsOf(lines: number, width: number): readonly ZoneFormat[] {
  return FORMATS.filter((format) => format.lines === lines && format.width === width);
}

/** Text under a span. */
export function cut(lines: readonly string[], { line, from, to }: Span): string {
  return (lines[line] ?? '').slice(from, to);
}

/** The check digit of a text: weights 7, 3, 1; A is 10, Z is 35, the filler 0 (Doc 9303-3, 4.9). */
export function checkDigit(text: string): string {
  let sum = 0;
  [...text].forEach((letter, i) => {
    const value = letter === '<' ? 0 : Number.parseInt(letter, 36);
    sum += value * ([7, 3, 1][i % 3] ?? 0);
  });
  return String(sum % 10);
}
