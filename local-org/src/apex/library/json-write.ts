/** Apex values as JSON text. */
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  Decimal,
  SObjectRecord,
} from '../../values/values.js';
import { throwApex } from '../run/exceptions.js';
import { instanceFields } from '../run/freeze.js';
import { readField } from '../run/dynamic.js';
import { decimalText, doubleText } from '../values/numbers.js';
import {
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  EnumValue,
  TypeValue,
  type Value,
} from '../values/reference.js';
import { toText } from '../values/text.js';

export interface JsonOptions {
  readonly pretty: boolean;
  readonly suppressNulls: boolean;
}

const API_VERSION = 'v65.0';
const DEEPEST = 500;

export function writeJson(value: Value, options: JsonOptions): string {
  return write(value, options, '', 0);
}

function write(value: Value, options: JsonOptions, indent: string, depth: number): string {
  if (depth > DEEPEST) throwApex('JSONException', 'Object graph is too deep or refers to itself');
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof ApexDouble) return doubleText(value.value);
  if (value instanceof ApexDatetime) return JSON.stringify(value.toString());
  if (value instanceof ApexDate || value instanceof ApexTime)
    return JSON.stringify(value.toString());
  if (value instanceof ApexBlob) return JSON.stringify(value.bytes.toString('base64'));
  if (value instanceof EnumValue) return JSON.stringify(value.name);
  if (value instanceof TypeValue) return JSON.stringify(value.subject.name);
  if (value instanceof ApexList || value instanceof ApexSet)
    return array(value.items, options, indent, depth);
  return object(membersOf(value, options), options, indent, depth);
}

function array(
  items: readonly Value[],
  options: JsonOptions,
  indent: string,
  depth: number,
): string {
  if (!options.pretty)
    return `[${items.map((item) => write(item, options, '', depth + 1)).join(',')}]`;
  return `[ ${items.map((item) => write(item, options, indent, depth + 1)).join(', ')} ]`;
}

type Member = readonly [name: string, value: Value | RawJson];

class RawJson {
  constructor(readonly text: string) {}
}

function object(
  members: readonly Member[],
  options: JsonOptions,
  indent: string,
  depth: number,
): string {
  const inner = `${indent}  `;
  const parts = members.map(([name, value]) => {
    const text = value instanceof RawJson ? value.text : write(value, options, inner, depth + 1);
    return options.pretty
      ? `${inner}${JSON.stringify(name)} : ${text}`
      : `${JSON.stringify(name)}:${text}`;
  });
  if (!options.pretty) return `{${parts.join(',')}}`;
  return parts.length ? `{\n${parts.join(',\n')}\n${indent}}` : '{ }';
}

function membersOf(value: Exclude<Value, null>, options: JsonOptions): Member[] {
  if (value instanceof SObjectRecord) return recordMembers(value, options);
  if (value instanceof ApexMap) {
    return value.table.entries().map((e): Member => [toText(e.key), e.value]);
  }
  if (value instanceof ApexObject) {
    return instanceFields(value.declaration)
      .filter((field) => !field.isTransient)
      .map((field): Member => [field.name, readField(value, field)])
      .filter(([, member]) => !options.suppressNulls || member !== null);
  }
  throwApex('JSONException', `Apex Type unsupported in JSON: ${toText(value)}`);
}

function recordMembers(record: SObjectRecord, options: JsonOptions): Member[] {
  const url = record.id
    ? `,"url":"/services/data/${API_VERSION}/sobjects/${record.type}/${record.id}"`
    : '';
  const members: Member[] = [['attributes', new RawJson(`{"type":"${record.type}"${url}}`)]];
  for (const [name, value] of record.entries()) {
    if (!options.suppressNulls || value !== null) members.push([name, value]);
  }
  for (const [name, parent] of record.parentEntries()) if (parent) members.push([name, parent]);
  for (const [name, rows] of record.childEntries()) {
    const records = rows.map((row) => write(row, options, '', 0)).join(',');
    members.push([
      name,
      new RawJson(`{"totalSize":${rows.length},"done":true,"records":[${records}]}`),
    ]);
  }
  return members;
}
