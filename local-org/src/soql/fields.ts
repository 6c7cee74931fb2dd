/** Field paths of a query (`Name`, `Item__r.Owner.Name`): checked against the schema, read from stored rows. */
import type { RecordReader } from '../database/record-reader.js';
import type { Row } from '../database/table.js';
import type { FieldDescribe, ObjectDescribe, Schema } from '../metadata/index.js';
import type { Transaction } from '../org/contracts.js';
import type { FieldValue } from '../values/values.js';
import { queryError } from './errors.js';
import type { Operand, RowScope } from './run.js';

/** Object the platform answers for a relationship that may lead to several objects. */
const POLYMORPHIC = 'Name';

/** One step to a parent. */
export interface Hop {
  readonly relationship: string;
  readonly reference: FieldDescribe;
  /** Object the reference belongs to, and the one it leads to (`Name` when it may be several). */
  readonly from: string;
  readonly to: string;
}

export interface FieldPath extends Operand<RowScope> {
  readonly hops: readonly Hop[];
  readonly field: FieldDescribe;
  /** Object the last field is of. */
  readonly owner: string;
}

/** A row with its object, found at the end of a reference. */
export interface FoundRow {
  readonly object: ObjectDescribe;
  readonly row: Row;
}

export class FieldResolver {
  readonly schema: Schema;

  constructor(readonly reader: RecordReader) {
    this.schema = reader.schema;
  }

  /**
   * @param object the object of the query's rows
   * @param parts the path; an alias or the object's own name in front is allowed
   */
  resolve(object: ObjectDescribe, alias: string | null, parts: readonly string[]): FieldPath {
    let rest = [...parts];
    const first = rest[0]?.toLowerCase();
    const isPrefix =
      first !== undefined &&
      (first === alias?.toLowerCase() ||
        this.schema.localName(first).toLowerCase() === object.name.toLowerCase());
    if (rest.length > 1 && isPrefix && !this.schema.parent(object.name, first))
      rest = rest.slice(1);
    const hops: Hop[] = [];
    let owner = object.name;
    for (const relationship of rest.slice(0, -1)) {
      const reference = this.schema.parent(owner, relationship);
      if (!reference?.relationshipName) {
        throw queryError(
          'INVALID_FIELD',
          `Didn't understand relationship '${relationship}' in field path. If you are attempting to use a custom ` +
            `relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL ` +
            `or the describe call for the appropriate names.`,
        );
      }
      const to = reference.polymorphic
        ? POLYMORPHIC
        : this.schema.requireObject(reference.referenceTo[0] ?? POLYMORPHIC).name;
      hops.push({ relationship: reference.relationshipName, reference, from: owner, to });
      owner = to;
    }
    const field = this.schema.requireField(owner, rest.at(-1) ?? '');
    return {
      hops,
      field,
      owner,
      name: rest.join('.'),
      type: field.type,
      caseSensitive: field.caseSensitive,
      get: ({ run, row }) => this.read(run.tx, object, row, hops, field),
    };
  }

  private read(
    tx: Transaction,
    object: ObjectDescribe,
    row: Row,
    hops: readonly Hop[],
    field: FieldDescribe,
  ): FieldValue {
    let current: FoundRow | null = { object, row };
    for (const hop of hops) {
      current = this.follow(current, hop);
      if (!current) return null;
    }
    return this.valueOf(tx, current, field);
  }

  /** The parent at the end of one hop; null when the reference is empty. */
  follow(from: FoundRow, hop: Hop): FoundRow | null {
    const reference = this.schema.field(from.object.name, hop.reference.name);
    const id = reference ? from.row.get(reference.name) : null;
    if (typeof id !== 'string') return null;
    const target = hop.to === POLYMORPHIC ? this.schema.objectOfId(id) : this.schema.object(hop.to);
    const row = target && this.reader.store.get(target.name, id);
    return target && row ? { object: target, row } : null;
  }

  /** A field's value; of a polymorphic parent, `Type` names its object and fields it lacks are empty. */
  valueOf(tx: Transaction, { object, row }: FoundRow, field: FieldDescribe): FieldValue {
    const own = this.schema.field(object.name, field.name);
    if (own) return this.reader.value(tx, object.name, own, row);
    if (field.name === 'Type') return object.name;
    if (field.name === 'Name' && object.nameField) return row.get(object.nameField) ?? null;
    return null;
  }
}
