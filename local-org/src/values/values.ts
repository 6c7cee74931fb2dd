/**
 * The run-time values of the org, shared by Apex, SOQL, formulas, flows and the database.
 *
 * Apex type -> JavaScript value
 *   null -> null, Boolean -> boolean, Integer -> number (an integer), Long -> bigint,
 *   Decimal -> Decimal (decimal.js), Double -> ApexDouble, String and Id -> string (ids have 18 characters),
 *   Date -> ApexDate, Datetime -> ApexDatetime, Time -> ApexTime, Blob -> ApexBlob, SObject -> SObjectRecord.
 * Collections, enums and class instances belong to the Apex engine and never reach the database.
 */
import { Decimal } from 'decimal.js';

export { Decimal };

/** A calendar day without time zone. */
export class ApexDate {
  constructor(
    readonly year: number,
    /** 1..12 */
    readonly month: number,
    readonly day: number,
  ) {}

  static fromEpochDay(epochDay: number): ApexDate {
    const date = new Date(epochDay * 86_400_000);
    return new ApexDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  }

  /** Whole days since 1970-01-01. */
  get epochDay(): number {
    return Math.floor(Date.UTC(this.year, this.month - 1, this.day) / 86_400_000);
  }

  /** ISO form, `2026-11-22`. */
  toString(): string {
    return new Date(this.epochDay * 86_400_000).toISOString().slice(0, 10);
  }
}

/** An instant with millisecond resolution. */
export class ApexDatetime {
  constructor(readonly epochMs: number) {}

  /** REST form, `2026-11-22T10:00:00.000+0000`. */
  toString(): string {
    return new Date(this.epochMs).toISOString().replace('Z', '+0000');
  }
}

/** A time of day in milliseconds since midnight. */
export class ApexTime {
  constructor(readonly ms: number) {}

  toString(): string {
    return new Date(this.ms).toISOString().slice(11);
  }
}

/** A binary floating point number; Decimal is the far more common number in Apex. */
export class ApexDouble {
  constructor(readonly value: number) {}

  toString(): string {
    return String(this.value);
  }
}

export class ApexBlob {
  constructor(readonly bytes: Buffer) {}

  /** As Apex shows a Blob, `Blob[5]`. */
  toString(): string {
    return `Blob[${this.bytes.length}]`;
  }
}

/** What a field of a record can hold. */
export type FieldValue =
  | null
  | boolean
  | number
  | bigint
  | Decimal
  | ApexDouble
  | string
  | ApexDate
  | ApexDatetime
  | ApexTime
  | ApexBlob;

/** What `addError` or a refused save left on a record. */
export interface RecordError {
  /** Status code as the platform spells it, such as `FIELD_CUSTOM_VALIDATION_EXCEPTION`. */
  readonly statusCode: string;
  readonly message: string;
  /** API names of the fields the error belongs to; empty for a record error. */
  readonly fields: readonly string[];
}

/**
 * One sObject: a row of the database, a row of a query result or a record under construction in Apex.
 * Field names are canonical API names (the metadata decides the case); look-ups by name are case-insensitive.
 */
export class SObjectRecord {
  private readonly fields = new Map<string, { name: string; value: FieldValue }>();
  /** Parent records by relationship name (`Account`, `Item__r`), present when queried or set. */
  private readonly parents = new Map<string, { name: string; record: SObjectRecord | null }>();
  /** Child rows by child relationship name, present when queried by a sub-query. */
  private readonly children = new Map<string, { name: string; rows: SObjectRecord[] }>();
  readonly errors: RecordError[] = [];

  constructor(readonly type: string) {}

  get id(): string | null {
    const value = this.get('Id');
    return typeof value === 'string' ? value : null;
  }

  /** The value of a field, or null when it is empty or was not loaded (see {@link has}). */
  get(field: string): FieldValue {
    return this.fields.get(field.toLowerCase())?.value ?? null;
  }

  /** True when the field was queried or set, even to null. */
  has(field: string): boolean {
    return this.fields.has(field.toLowerCase());
  }

  set(field: string, value: FieldValue): void {
    this.fields.set(field.toLowerCase(), { name: field, value });
  }

  unset(field: string): void {
    this.fields.delete(field.toLowerCase());
  }

  /** Populated fields in the order they were set. */
  *entries(): IterableIterator<[name: string, value: FieldValue]> {
    for (const { name, value } of this.fields.values()) yield [name, value];
  }

  /** Parent record; undefined when the relationship was not loaded. */
  getParent(relationship: string): SObjectRecord | null | undefined {
    return this.parents.get(relationship.toLowerCase())?.record;
  }

  setParent(relationship: string, record: SObjectRecord | null): void {
    this.parents.set(relationship.toLowerCase(), { name: relationship, record });
  }

  *parentEntries(): IterableIterator<[relationship: string, record: SObjectRecord | null]> {
    for (const { name, record } of this.parents.values()) yield [name, record];
  }

  getChildren(relationship: string): SObjectRecord[] | undefined {
    return this.children.get(relationship.toLowerCase())?.rows;
  }

  setChildren(relationship: string, rows: SObjectRecord[]): void {
    this.children.set(relationship.toLowerCase(), { name: relationship, rows });
  }

  *childEntries(): IterableIterator<[relationship: string, rows: SObjectRecord[]]> {
    for (const { name, rows } of this.children.values()) yield [name, rows];
  }

  /** A copy of the fields (and parents) that shares no state with this record; errors are not copied. */
  clone(): SObjectRecord {
    const copy = new SObjectRecord(this.type);
    for (const [name, value] of this.entries()) copy.set(name, value);
    for (const [name, record] of this.parentEntries()) copy.setParent(name, record);
    return copy;
  }
}
