/** JSON trees as Apex values, typed or untyped. */
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  SObjectRecord,
} from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { construct } from '../run/invoke.js';
import { writeField } from '../run/dynamic.js';
import { memberOf, recordMember, writeMember } from '../run/records.js';
import { Session } from '../run/session.js';
import { OBJECT, STRING, type ApexType, UNKNOWN } from '../types/type.js';
import { idFrom } from '../values/coerce.js';
import { parseDecimal } from '../values/numbers.js';
import { ApexList, ApexMap, ApexObject, ApexSet, type Value } from '../values/reference.js';
import { libraryEnumOrNull, isLibraryEnum } from './enums.js';
import { isJsonArray, isJsonObject, JsonNumber, type JsonTree } from './json-parse.js';

const INTEGER_LIMIT = 2_147_483_647;

export function untyped(tree: JsonTree): Value {
  if (tree === null || typeof tree === 'boolean' || typeof tree === 'string') return tree;
  if (tree instanceof JsonNumber) return untypedNumber(tree.text);
  if (isJsonArray(tree)) return new ApexList(OBJECT, tree.map(untyped));
  if (isJsonObject(tree))
    return new ApexMap(
      STRING,
      OBJECT,
      [...tree].map(([k, v]) => [k, untyped(v)] as const),
    );
  return null;
}

function untypedNumber(text: string): Value {
  if (!/^-?\d+$/.test(text)) return parseDecimal(text);
  const number = Number(text);
  if (Math.abs(number) <= INTEGER_LIMIT) return number;
  const long = BigInt(text);
  return BigInt.asIntN(64, long) === long ? long : parseDecimal(text);
}

function wrong(tree: JsonTree, type: ApexType): never {
  const found =
    tree instanceof JsonNumber
      ? `number ${tree.text}`
      : isJsonArray(tree)
        ? 'an array'
        : isJsonObject(tree)
          ? 'an object'
          : JSON.stringify(tree);
  throwApex('JSONException', `Illegal value for ${type.name}: found ${found}`);
}

/** A value of a declared type. `strict` refuses members the class does not have. */
export function typed(tree: JsonTree, type: ApexType, strict: boolean): Value {
  if (type.kind === 'object' || type.kind === 'unknown') return untyped(tree);
  if (tree === null) return null;
  if (type.kind === 'primitive') return primitiveValue(tree, type);
  if (type.kind === 'collection') return collection(tree, type, strict);
  if (type.kind === 'sobject') return record(tree, type);
  if (type.declaration?.kind === 'enum' || isLibraryEnum(type.base)) return enumValue(tree, type);
  if (type.declaration && isJsonObject(tree)) return object(tree, type, strict);
  return wrong(tree, type);
}

function enumValue(tree: JsonTree, type: ApexType): Value {
  const text = typeof tree === 'string' ? tree : wrong(tree, type);
  const found =
    type.declaration?.enumValues.find((v) => v.name.toLowerCase() === text.toLowerCase()) ??
    libraryEnumOrNull(type.base, text);
  return found ?? wrong(tree, type);
}

function primitiveValue(tree: JsonTree, type: ApexType): Value {
  if (isJsonArray(tree) || isJsonObject(tree)) wrong(tree, type);
  const text = tree instanceof JsonNumber ? tree.text : String(tree);
  switch (type.base) {
    case 'string':
      return text;
    case 'id':
      return idFrom(text);
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : wrong(tree, type);
    case 'integer':
      return /^-?\d+$/.test(text) && Math.abs(Number(text)) <= INTEGER_LIMIT + 1
        ? Number(text)
        : wrong(tree, type);
    case 'long':
      return /^-?\d+$/.test(text) ? BigInt(text) : wrong(tree, type);
    case 'decimal':
    case 'double':
      if (!/^-?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(text)) wrong(tree, type);
      return type.is('double') ? new ApexDouble(Number(text)) : parseDecimal(text);
    case 'blob':
      return new ApexBlob(Buffer.from(text, 'base64'));
    default:
      return dateValue(text, type) ?? wrong(tree, type);
  }
}

function dateValue(text: string, type: ApexType): Value {
  const ms = Date.parse(
    type.is('time') ? `1970-01-01T${text}` : text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'),
  );
  if (Number.isNaN(ms)) return null;
  if (type.is('date')) {
    const [year = 0, month = 1, day = 1] = text.slice(0, 10).split('-').map(Number);
    return new ApexDate(year, month, day);
  }
  return type.is('time') ? new ApexTime(ms) : new ApexDatetime(ms);
}

function collection(tree: JsonTree, type: ApexType, strict: boolean): Value {
  if (type.is('map')) {
    if (!isJsonObject(tree)) return wrong(tree, type);
    const value = type.args[1] ?? UNKNOWN;
    const entries = [...tree].map(
      ([k, v]) =>
        [
          typed(k, type.element.kind === 'primitive' ? type.element : STRING, strict),
          typed(v, value, strict),
        ] as const,
    );
    return new ApexMap(type.element, value, entries);
  }
  if (!isJsonArray(tree)) return wrong(tree, type);
  const items = tree.map((item) => typed(item, type.element, strict));
  return type.is('set') ? new ApexSet(type.element, items) : new ApexList(type.element, items);
}

function object(tree: ReadonlyMap<string, JsonTree>, type: ApexType, strict: boolean): ApexObject {
  const cls = type.declaration;
  if (!cls || cls.isInterface || cls.isAbstract) {
    throwApex('JSONException', `Apex Type unsupported in JSON: ${type.name}`);
  }
  const constructor = cls.constructors.find((c) => c.parameters.length === 0);
  const made =
    constructor || cls.constructors.length === 0
      ? construct(cls, constructor ?? null, [])
      : new ApexObject(cls);
  for (const [name, value] of tree) {
    const field = cls.findField(name);
    if (field && !field.isStatic) writeField(made, field, typed(value, field.type, strict));
    else if (strict) throwApex('JSONException', `Unknown field: ${cls.name}.${name}`);
  }
  return made;
}

function record(tree: JsonTree, type: ApexType): SObjectRecord {
  if (!isJsonObject(tree)) return wrong(tree, type);
  const attributes = tree.get('attributes');
  const named = attributes && isJsonObject(attributes) ? attributes.get('type') : null;
  const name = typeof named === 'string' ? named : type.name;
  const { schema } = Session.current.ports;
  const made = new SObjectRecord(
    schema.object(name)?.name ?? throwApex('JSONException', `Invalid sObject type ${name}`),
  );
  for (const [key, value] of tree) {
    if (key === 'attributes') continue;
    const member = recordMember(schema, made.type, key) ?? memberOf(made, key);
    if (member.kind === 'children')
      made.setChildren(member.name, childRows(value, member.type.element));
    else writeMember(made, member, typed(value, member.type, false));
  }
  return made;
}

function childRows(tree: JsonTree, type: ApexType): SObjectRecord[] {
  const rows = isJsonObject(tree) ? tree.get('records') : tree;
  return rows && isJsonArray(rows) ? rows.map((row) => record(row, type)) : [];
}
