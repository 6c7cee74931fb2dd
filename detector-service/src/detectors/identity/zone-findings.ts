import { makeFinding } from '../../verdict/finding-codes.js';
import type { EvidenceFile, Finding } from '../../verdict/types.js';
import { listed } from '../pdf/names.js';
import { cut, type FieldName } from './formats.js';
import type { Comparison, ZoneValues } from './visual-zone.js';
import type { Zone } from './zone.js';

export const IDENTITY_DETECTOR = { id: 'identity', version: '1.0.0' } as const;
const SELF = IDENTITY_DETECTOR;

/** Likeness below which nobody is accused: print so unlike OCR-B may be something else. */
const ACCUSING_LIKENESS = 0.78;
/** Digits that must be right, among those of number, birth and expiry, before another one may be called wrong: proof that this is a zone and was read. */
const RIGHT_BEFORE_WRONG = 2;

const OWN: readonly FieldName[] = ['document number', 'date of birth', 'date of expiry'];

/** Fields whose check digit is wrong beyond doubt. Optional data is left out: issuers fill it as they like. */
export function accusedFields({ checks, likeness }: Zone): readonly FieldName[] {
  const states = (state: string): FieldName[] => OWN.filter((name) => checks.get(name) === state);
  if (likeness < ACCUSING_LIKENESS || states('right').length < RIGHT_BEFORE_WRONG) return [];
  const wrong = states('wrong');
  if (wrong.length > 0) return wrong;
  const isWholeAlone =
    checks.get('whole zone') === 'wrong' && states('right').length === OWN.length;
  return isWholeAlone ? ['whole zone'] : [];
}

/**
 * Dates that no calendar has. Where any check digit does not fit, or the print is unlike OCR-B, the zone may have been read out of step, as where the picture
 * cuts it off: then a date that fits its digit does so by chance.
 */
export function impossibleDates(zone: Zone): readonly FieldName[] {
  const isSound = [...zone.checks.values()].every((state) => state === 'right');
  if (!isSound || zone.likeness < ACCUSING_LIKENESS) return [];
  return (['date of birth', 'date of expiry'] as const).filter((name) => {
    const date = valueOf(zone, name);
    return zone.checks.get(name) === 'right' && /^\d{6}$/.test(date) && !isInCalendar(date);
  });
}

function isInCalendar(date: string): boolean {
  const [year = 0, month = 0, day = 0] = [0, 2, 4].map((at) => Number(date.slice(at, at + 2)));
  // 2000 was a leap year, 1900 none: a 29th of February is given the benefit of the doubt.
  const last = new Date(Date.UTC(2000 + year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= last;
}

function valueOf({ format, lines }: Zone, name: FieldName): string {
  const field = format.checked.find((checked) => checked.name === name);
  return (field?.spans ?? []).map((span) => cut(lines, span)).join('');
}

/** For the comparison with what else the document shows; empty texts where a field was not read surely. */
export function valuesOf(zone: Zone): ZoneValues {
  const sure = (name: FieldName): string =>
    zone.checks.get(name) === 'right' ? valueOf(zone, name).replaceAll('<', '') : '';
  return {
    number: sure('document number'),
    birth: sure('date of birth'),
    expiry: sure('date of expiry'),
    surname: (cut(zone.lines, zone.format.names).split('<<')[0] ?? '').replaceAll('<', ''),
  };
}

/**
 * What a zone amounts to. Names, numbers and dates of the holder stay out of the findings: they go into records and logs.
 *
 * @param source where it stands, as the beginning of a sentence
 * @param comparison null where there was no other text to compare with
 */
export function zoneFindings(
  zone: Zone,
  comparison: Comparison | null,
  source: string,
  evidence: readonly EvidenceFile[],
): readonly Finding[] {
  const { format, checks } = zone;
  const accused = accusedFields(zone);
  const impossible = impossibleDates(zone);
  const different = comparison?.different ?? [];
  const findings: Finding[] = [];
  if (accused.length > 0) {
    const detail = `${source} (${format.name}): the check digit of the ${listed(accused)} does not fit; each glyph was read twice and no other reading of it would make the digit fit.`;
    findings.push(makeFinding(SELF, 'document.mrz_check_digit', detail, { evidence }));
  }
  if (different.length > 0) {
    const detail = `${source} (${format.name}) names another ${listed(different)} than the print above it${sameText(comparison)}.`;
    findings.push(makeFinding(SELF, 'document.mrz_contradicts', detail, { evidence }));
  }
  if (impossible.length > 0) {
    const detail = `${source} (${format.name}): the ${listed(impossible)} is no day of any calendar, although its check digit fits.`;
    findings.push(makeFinding(SELF, 'document.mrz_implausible', detail, { evidence }));
  }
  if (findings.length > 0) return findings;
  const states = [...checks.values()];
  const right = states.filter((state) => state === 'right').length;
  if (right === states.length) {
    const detail = `${source} (${format.name}): all ${right} check digits fit${sameText(comparison)}. Anybody can compute them, so this proves no origin.`;
    return [makeFinding(SELF, 'document.mrz_valid', detail, { evidence })];
  }
  const detail = `${source} (${format.name}): ${right} of ${states.length} check digits fit, the rest could not be read surely enough to judge; look at it, or ask for a sharper picture.`;
  return [makeFinding(SELF, 'document.mrz_unreadable', detail, { evidence })];
}

function sameText(comparison: Comparison | null): string {
  if (!comparison) return '';
  if (comparison.same.length === 0) return '; nothing of it was found in the print above';
  return `; the print above shows the same ${listed(comparison.same)}`;
}
