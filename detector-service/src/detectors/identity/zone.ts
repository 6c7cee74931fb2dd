import { ALPHABET } from './glyphs.js';
import {
  checkDigit,
  cut,
  formatsOf,
  type CheckedField,
  type FieldName,
  type Kind,
  type Span,
  type ZoneFormat,
} from './formats.js';
import type { Cell } from './reader.js';

/**
 * `wrong` is said only where no other plausible reading of any glyph would make the digit right; `unsure` where one would; `none` where the field is not
 * checked, as a long number that runs into the optional data.
 */
export type CheckState = 'right' | 'wrong' | 'unsure' | 'none';

/** A machine-readable zone as it was read. */
export interface Zone {
  readonly format: ZoneFormat;
  readonly lines: readonly string[];
  readonly checks: ReadonlyMap<FieldName, CheckState>;
  /** Mean likeness of the glyphs to those of OCR-B, to 1; 1 for text that was not read from pixels. */
  readonly likeness: number;
}

const ALLOWED: Readonly<Record<Kind, string>> = {
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<',
  digits: '0123456789<',
  any: ALPHABET,
  sex: 'MFX<',
};

/** Likeness by which a glyph may stay behind the best one and still be what is printed; three times what clean print needs. */
const PLAUSIBLE = 0.12;
/** Glyphs that worn or blurred print does not tell apart. */
const LOOKALIKES = ['0OQD', '1I', '2Z', '5S', '8B', '6G'] as const;

/** Printers of numbers hardly use the letter O, and the two differ by their height alone. */
const ZERO_OVER_O = 0.12;

/** One glyph with the others that it could be; the first is the likeliest. */
type Options = readonly string[];

/** Reads cells as the format that fits; null where none does. */
export function zoneOf(cells: readonly (readonly Cell[])[]): Zone | null {
  for (const format of formatsOf(cells.length, cells[0]?.length ?? 0)) {
    const options = cells.map((line, number) =>
      line.map((cell, column) => optionsOf(cell, kindAt(format, number, column))),
    );
    const lines = options.map((line) => line.map(([best]) => best).join(''));
    if (!format.codes.test(lines[0] ?? '')) continue;
    return {
      format,
      lines,
      checks: new Map(format.checked.map((field) => [field.name, check(options, field)])),
      likeness: likenessOf(cells),
    };
  }
  return null;
}

/** The same for lines of text, which need no guessing; null where they are no zone. */
export function zoneOfText(lines: readonly string[]): Zone | null {
  const width = lines[0]?.length ?? 0;
  if (lines.some((line) => line.length !== width || !/^[A-Z0-9<]+$/.test(line))) return null;
  for (const format of formatsOf(lines.length, width)) {
    const fits = format.kinds.every(({ kind, ...span }) =>
      [...cut(lines, span)].every((letter) => ALLOWED[kind].includes(letter)),
    );
    if (!fits || !format.codes.test(lines[0] ?? '')) continue;
    const options = lines.map((line) => [...line].map((letter) => [letter]));
    return {
      format,
      lines,
      checks: new Map(format.checked.map((field) => [field.name, check(options, field)])),
      likeness: 1,
    };
  }
  return null;
}

function kindAt(format: ZoneFormat, line: number, column: number): Kind {
  return (
    format.kinds.find((span) => span.line === line && column >= span.from && column < span.to)
      ?.kind ?? 'any'
  );
}

function optionsOf({ byInk, byEdges }: Cell, kind: Kind): Options {
  const allowed = [...ALLOWED[kind]].map((letter) => {
    const at = ALPHABET.indexOf(letter);
    return { letter, ink: byInk[at] ?? -1, edges: byEdges[at] ?? -1 };
  });
  const inkLimit = Math.max(...allowed.map(({ ink }) => ink)) - PLAUSIBLE;
  const edgeLimit = Math.max(...allowed.map(({ edges }) => edges)) - PLAUSIBLE;
  const score = ({ letter, ink, edges }: (typeof allowed)[number]): number =>
    ink + edges + (letter === '0' && kind === 'any' ? ZERO_OVER_O : 0);
  allowed.sort((one, other) => score(other) - score(one));
  const best = allowed[0]?.letter ?? '<';
  const twins = LOOKALIKES.find((group) => group.includes(best)) ?? '';
  const others = allowed
    .slice(1)
    .filter(
      ({ letter, ink, edges }) => ink >= inkLimit || edges >= edgeLimit || twins.includes(letter),
    );
  return [best, ...others.map(({ letter }) => letter)];
}

function likenessOf(cells: readonly (readonly Cell[])[]): number {
  const all = cells.flat();
  return all.reduce((sum, { byInk }) => sum + Math.max(...byInk), 0) / all.length;
}

function check(options: readonly (readonly Options[])[], field: CheckedField): CheckState {
  const glyphs = [...field.spans, field.digit].flatMap(({ line, from, to }: Span) =>
    (options[line] ?? []).slice(from, to),
  );
  const text = glyphs.map(([best]) => best).join('');
  const digit = text.slice(-1);
  if (isRight(text)) return 'right';
  if (digit === '<' && (glyphs[glyphs.length - 1]?.length ?? 0) === 1) return fillerState(field);
  return canBeRight(glyphs) ? 'unsure' : 'wrong';
}

function isRight(text: string): boolean {
  const digit = text.slice(-1);
  const body = text.slice(0, -1);
  // An empty optional field may have a filler for its digit.
  if (digit === '<') return /^<+$/.test(body);
  return checkDigit(body) === digit;
}

/** Long document numbers have a filler in place of their digit and go on in the optional data. */
function fillerState({ name }: CheckedField): CheckState {
  return name === 'document number' ? 'none' : 'unsure';
}

/** Whether other readings of at most two glyphs make the digit right. */
function canBeRight(glyphs: readonly Options[]): boolean {
  const base = glyphs.map(([best]) => best);
  const changes = glyphs.flatMap((options, at) =>
    options.slice(1).map((letter) => ({ at, letter })),
  );
  return changes.some((one) => {
    const once = [...base];
    once[one.at] = one.letter;
    if (isRight(once.join(''))) return true;
    return changes.some((other) => {
      if (other.at <= one.at) return false;
      const twice = [...once];
      twice[other.at] = other.letter;
      return isRight(twice.join(''));
    });
  });
}
