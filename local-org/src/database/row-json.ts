/** Rows as JSON and back, every type of value kept apart. Blobs are written once, by their hash, beside the rows. */
import { createHash } from 'node:crypto';
import { Decimal } from 'decimal.js';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  type FieldValue,
} from '../values/values.js';
import type { Row } from './table.js';

/** A value in JSON: itself, or one letter for its type with its text. */
type JsonValue = boolean | number | string | { readonly [type: string]: string | number };
export type JsonRow = Readonly<Record<string, JsonValue>>;

/** Where the bytes of blobs are kept. */
export interface BlobStore {
  has(hash: string): boolean;
  write(hash: string, bytes: Buffer): void;
  read(hash: string): Buffer;
}

function encode(value: FieldValue, blobs: BlobStore): JsonValue | null {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (typeof value === 'bigint') return { l: value.toString() };
  if (value instanceof Decimal) return { n: value.toString() };
  if (value instanceof ApexDouble) return { f: value.value };
  if (value instanceof ApexDate) return { d: value.epochDay };
  if (value instanceof ApexDatetime) return { t: value.epochMs };
  if (value instanceof ApexTime) return { h: value.ms };
  const hash = createHash('sha256').update(value.bytes).digest('hex');
  if (!blobs.has(hash)) blobs.write(hash, value.bytes);
  return { b: hash };
}

function decode(value: JsonValue, blobs: BlobStore): FieldValue {
  if (typeof value !== 'object') return value;
  const [[type, content] = ['', '']] = Object.entries(value);
  switch (type) {
    case 'l':
      return BigInt(content);
    case 'n':
      return new Decimal(content);
    case 'f':
      return new ApexDouble(Number(content));
    case 'd':
      return ApexDate.fromEpochDay(Number(content));
    case 't':
      return new ApexDatetime(Number(content));
    case 'h':
      return new ApexTime(Number(content));
    case 'b':
      return new ApexBlob(blobs.read(String(content)));
    default:
      throw new Error(`a kept row has a value of the unknown type "${type}"`);
  }
}

export function encodeRow(row: Row, blobs: BlobStore): JsonRow {
  const json: Record<string, JsonValue> = {};
  for (const [name, value] of row) {
    const encoded = encode(value, blobs);
    if (encoded !== null) json[name] = encoded;
  }
  return json;
}

export function decodeRow(json: JsonRow, blobs: BlobStore): Row {
  return new Map(Object.entries(json).map(([name, value]) => [name, decode(value, blobs)]));
}
