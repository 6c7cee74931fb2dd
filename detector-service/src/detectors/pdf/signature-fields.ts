import type { PdfDocument } from './document.js';
import { PDF_LIMITS } from './limits.js';
import {
  PdfRef,
  PdfString,
  dictOf,
  isArray,
  nameOf,
  numberOf,
  textOf,
  type PdfDict,
  type PdfValue,
} from './values.js';

/** A signature as it stands in a document. */
export interface SignatureEntry {
  /** Name of its form field, for people. */
  readonly field: string;
  readonly dict: PdfDict;
  /** `adbe.pkcs7.detached`, `ETSI.CAdES.detached`, `ETSI.RFC3161` … */
  readonly subFilter: string | null;
  readonly byteRange: readonly number[] | null;
  readonly contents: PdfString | null;
  readonly isTimestamp: boolean;
  /** What the author of a certified document allows later: 1 nothing, 2 filling in forms and signing, 3 comments as well. */
  readonly permission: 1 | 2 | 3 | null;
  /** Which form fields the signature closes. */
  readonly lock: FieldLock | null;
}

export interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly fields: readonly string[];
}

/** One node of the form's tree of fields. */
export interface FormField {
  readonly name: string;
  readonly dict: PdfDict;
  readonly number: number | null;
  readonly type: string | null;
}

/** All fields of the form, parents before their kids. */
export function formFields(document: PdfDocument): readonly FormField[] {
  const form = document.dict(document.catalog?.get('AcroForm'));
  const fields: FormField[] = [];
  const seen = new Set<PdfDict>();
  const visit = (value: PdfValue, prefix: string, inherited: string | null): void => {
    const dict = document.dict(value);
    if (!dict || seen.has(dict) || fields.length > PDF_LIMITS.entries) return;
    seen.add(dict);
    const own = textOf(document.resolve(dict.get('T')));
    const name = own === null ? prefix : prefix ? `${prefix}.${own}` : own;
    const type = nameOf(document.resolve(dict.get('FT'))) ?? inherited;
    fields.push({ name, dict, number: value instanceof PdfRef ? value.number : null, type });
    for (const kid of arrayOf(document, dict.get('Kids'))) visit(kid, name, type);
  };
  for (const field of arrayOf(document, form?.get('Fields'))) visit(field, '', null);
  return fields;
}

/** The signatures of the form's fields, in the order of the bytes they sign. */
export function signatureEntries(document: PdfDocument): readonly SignatureEntry[] {
  const entries: SignatureEntry[] = [];
  const seen = new Set<PdfDict>();
  const add = (dict: PdfDict | null, field: string): void => {
    if (!dict || seen.has(dict) || entries.length >= PDF_LIMITS.signatures) return;
    seen.add(dict);
    entries.push(entryOf(document, dict, field));
  };
  for (const { dict, name, type } of formFields(document)) {
    if (type === 'Sig') add(document.dict(dict.get('V')), name);
  }
  const permissions = document.dict(document.catalog?.get('Perms'));
  add(document.dict(permissions?.get('DocMDP')), 'certification');
  return entries.sort((one, other) => coveredEnd(one) - coveredEnd(other));
}

function entryOf(document: PdfDocument, dict: PdfDict, field: string): SignatureEntry {
  const contents = document.resolve(dict.get('Contents'));
  const range = document.resolve(dict.get('ByteRange'));
  const numbers = isArray(range) ? range.map((item) => numberOf(document.resolve(item))) : null;
  const subFilter = nameOf(document.resolve(dict.get('SubFilter')));
  return {
    field,
    dict,
    subFilter,
    byteRange: numbers?.every((item) => item !== null) ? numbers : null,
    contents: contents instanceof PdfString ? contents : null,
    isTimestamp:
      subFilter === 'ETSI.RFC3161' || nameOf(document.resolve(dict.get('Type'))) === 'DocTimeStamp',
    ...transforms(document, dict),
  };
}

function transforms(
  document: PdfDocument,
  dict: PdfDict,
): Pick<SignatureEntry, 'permission' | 'lock'> {
  let permission: SignatureEntry['permission'] = null;
  let lock: FieldLock | null = null;
  for (const reference of arrayOf(document, dict.get('Reference'))) {
    const transform = document.dict(reference);
    const parameters = document.dict(transform?.get('TransformParams'));
    const method = nameOf(document.resolve(transform?.get('TransformMethod')));
    if (method === 'DocMDP') permission = permissionOf(document.resolve(parameters?.get('P')));
    if (method === 'FieldMDP' && parameters) lock = lockOf(document, parameters);
  }
  return { permission, lock };
}

function permissionOf(value: PdfValue): 1 | 2 | 3 {
  return value === 1 || value === 3 ? value : 2;
}

function lockOf(document: PdfDocument, parameters: PdfDict): FieldLock | null {
  const action = nameOf(document.resolve(parameters.get('Action')));
  if (action !== 'All' && action !== 'Include' && action !== 'Exclude') return null;
  const fields = arrayOf(document, parameters.get('Fields'))
    .map((field) => textOf(document.resolve(field)))
    .filter((field) => field !== null);
  return { action, fields };
}

/** Exclusive end of the bytes that a signature says it signs. */
export function coveredEnd({ byteRange }: SignatureEntry): number {
  return (byteRange?.[2] ?? 0) + (byteRange?.[3] ?? 0);
}

export function arrayOf(document: PdfDocument, value: PdfValue | undefined): readonly PdfValue[] {
  const resolved = document.resolve(value);
  return isArray(resolved) ? resolved : [];
}

/** Whether two dictionaries are the same object of the file, as far as this reading goes. */
export function isSame(one: PdfValue | undefined, other: PdfValue | undefined): boolean {
  return dictOf(one) !== null && dictOf(one) === dictOf(other);
}
