import type { PdfDocument } from '../document.js';
import { arrayOf, formFields, type FormField } from '../signature-fields.js';
import { PdfString, isDict, nameOf, numberOf, type PdfDict, type PdfValue } from '../values.js';
import type { Change, ChangeKind } from './change.js';
import type { Equality } from './equality.js';

/** Keys that filling in or signing a field touches. */
const FILLED = new Set(['V', 'AP', 'AS', 'I', 'RV', 'MK', 'DA', 'Q', 'DS', 'M', 'Type']);
const SIGNED = new Set([...FILLED, 'F', 'Lock', 'SV', 'Border', 'BS']);
const READ_ONLY = 1;

/** What changed in the form: its fields, their values and what they show. */
export function compareForm(equality: Equality): Change[] {
  const { before, after } = equality;
  const old = formFields(before);
  const changes: Change[] = [];
  const matched = new Set<FormField>();
  for (const field of formFields(after)) {
    const twin =
      old.find(({ number }) => number !== null && number === field.number) ??
      old.find(
        (other) => !matched.has(other) && other.name === field.name && other.type === field.type,
      );
    if (twin) matched.add(twin);
    const kinds = twin ? compareField(equality, twin, field) : [added(after, field)];
    for (const kind of new Set(kinds)) changes.push(described(after, kind, field));
  }
  for (const field of old) {
    if (!matched.has(field)) changes.push(described(before, 'field', field));
  }
  return [...changes, ...compareSettings(equality)];
}

function described(document: PdfDocument, kind: ChangeKind, { name, dict }: FormField): Change {
  const box = arrayOf(document, dict.get('Rect')).filter((item) => typeof item === 'number');
  return {
    kind,
    where: `field ${name || 'without a name'}`,
    page: null,
    field: name,
    ...(box.length === 4 ? { box } : {}),
  };
}

/** A node that only groups signature fields counts as one of them. */
function added(document: PdfDocument, { type, dict }: FormField): ChangeKind {
  if (type === 'Sig') return signing(document, dict);
  const kids = arrayOf(document, dict.get('Kids')).map((kid) => document.dict(kid));
  const isGroup = kids.length > 0 && !dict.has('Subtype') && !dict.has('FT');
  const ofSignatures = kids.every((kid) => nameOf(document.resolve(kid?.get('FT'))) === 'Sig');
  return isGroup && ofSignatures ? 'signature' : 'field';
}

/** A time stamp over the document belongs to the means of checking it later; all other signatures are somebody's. */
function signing(document: PdfDocument, field: PdfDict): ChangeKind {
  const signature = document.dict(field.get('V'));
  const isStamp = nameOf(document.resolve(signature?.get('SubFilter'))) === 'ETSI.RFC3161';
  return isStamp ? 'validation' : 'signature';
}

function compareField(equality: Equality, before: FormField, after: FormField): ChangeKind[] {
  const keys = new Set(equality.changedKeys(before.dict, after.dict));
  keys.delete('Kids');
  if (keys.size === 0) return [];
  const kinds: ChangeKind[] = [];
  const wasSigned = isDict(equality.before.resolve(before.dict.get('V')));
  const isSignature = before.type === 'Sig' && after.type === 'Sig';
  const isNewlySigned = isSignature && !wasSigned && keys.has('V');
  if (keys.has('AA') || keys.has('A')) kinds.push('action');
  if (isNewlySigned) kinds.push(signing(equality.after, after.dict));
  else if (isSignature) kinds.push(...signedFieldChange(keys, wasSigned));
  else kinds.push(...valueChange(equality, before.dict, keys));
  if (keys.has('Ff') && onlyLocks(equality, before.dict, after.dict)) keys.delete('Ff');
  const explained = isSignature ? SIGNED : FILLED;
  const rest = [...keys].filter((key) => !explained.has(key) && key !== 'AA' && key !== 'A');
  if (rest.length > 0) kinds.push('field');
  return kinds;
}

/** A field that is signed stays as it is; an empty one may be dressed up before it is signed. */
function signedFieldChange(keys: ReadonlySet<string>, wasSigned: boolean): ChangeKind[] {
  if (!keys.has('V') && !keys.has('AP')) return [];
  return [wasSigned ? 'value' : 'signature'];
}

/** Filling in an empty field is what forms are for; showing something else under the same value, or overwriting a value, changes what was signed. */
function valueChange(equality: Equality, before: PdfDict, keys: ReadonlySet<string>): ChangeKind[] {
  if (!keys.has('V') && !keys.has('AP') && !keys.has('AS')) return [];
  const old = inheritedValue(equality.before, before);
  const isChoice = keys.has('AS');
  if (keys.has('V') || isChoice) return isEmpty(old) || isChoice ? ['form'] : ['value'];
  return before.has('AP') && !isEmpty(old) ? ['value'] : ['form'];
}

function inheritedValue(document: PdfDocument, dict: PdfDict): PdfValue {
  for (let node: PdfDict | null = dict, step = 0; node && step < 16; step++) {
    if (node.has('V')) return document.resolve(node.get('V'));
    node = document.dict(node.get('Parent'));
  }
  return null;
}

function isEmpty(value: PdfValue): boolean {
  return value === null || (value instanceof PdfString && value.text.trim() === '');
}

/** Signing programs close the fields they were asked to close. */
function onlyLocks(equality: Equality, before: PdfDict, after: PdfDict): boolean {
  const first = numberOf(equality.before.resolve(before.get('Ff'))) ?? 0;
  const second = numberOf(equality.after.resolve(after.get('Ff'))) ?? 0;
  return (first | READ_ONLY) === second;
}

const FORM_SETTINGS = new Set(['SigFlags', 'NeedAppearances', 'DA', 'Q']);

/** The form's own settings. Its shared fonts may gain entries; those that were there must stay what they were. */
function compareSettings(equality: Equality): Change[] {
  const before = equality.before.dict(equality.before.catalog?.get('AcroForm'));
  const after = equality.after.dict(equality.after.catalog?.get('AcroForm'));
  const changes: Change[] = [];
  for (const key of equality.changedKeys(before ?? undefined, after ?? undefined)) {
    if (key === 'Fields' || FORM_SETTINGS.has(key)) continue;
    const add = (kind: ChangeKind, what: string): void => {
      changes.push({ kind, where: `form, ${what}`, page: null });
    };
    if (key === 'XFA')
      add(sameTemplate(equality, before, after) ? 'form' : 'page', 'its XFA template');
    else if (key === 'DR') {
      if (!keepsResources(equality, before?.get('DR'), after?.get('DR'))) add('page', 'its fonts');
    } else add('other', `its ${key}`);
  }
  return changes;
}

function keepsResources(
  equality: Equality,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): boolean {
  const first = equality.before.dict(before);
  const second = equality.after.dict(after);
  if (!first) return true;
  return [...first].every(([category, resources]) => {
    const kept = equality.before.dict(resources);
    const now = equality.after.dict(second?.get(category));
    if (!kept) return true;
    return [...kept].every(([name, value]) => equality.same(value, now?.get(name)));
  });
}

/** XFA keeps what was filled in apart from what the form looks like. */
function sameTemplate(equality: Equality, before: PdfDict | null, after: PdfDict | null): boolean {
  const template = (document: PdfDocument, form: PdfDict | null): PdfValue | undefined => {
    const parts = arrayOf(document, form?.get('XFA'));
    const at = parts.findIndex((part) => part instanceof PdfString && part.text === 'template');
    return at < 0 ? undefined : parts[at + 1];
  };
  return equality.same(template(equality.before, before), template(equality.after, after));
}
