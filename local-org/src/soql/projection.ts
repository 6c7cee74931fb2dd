/** What a query without groups puts into each record it returns. */
import type { RecordReader } from '../database/record-reader.js';
import type { Row } from '../database/table.js';
import type { ObjectDescribe } from '../metadata/index.js';
import { SObjectRecord } from '../values/values.js';
import type { FieldPath, FieldResolver, FoundRow } from './fields.js';
import type { Operand, QueryRun, RowScope } from './run.js';

/** Adds something to the record made from a row. */
export type Projector = (run: QueryRun, row: Row, record: SObjectRecord) => void;

/** A field of the row or of one of its parents. */
export function projectPath(
  resolver: FieldResolver,
  object: ObjectDescribe,
  path: FieldPath,
): Projector {
  const { hops, field } = path;
  if (hops.length === 0) {
    return (run, row, record) => {
      record.set(field.name, resolver.reader.value(run.tx, object.name, field, row));
    };
  }
  return (run, row, record) => {
    let from: FoundRow = { object, row };
    let target = record;
    for (const hop of hops) {
      const found = resolver.follow(from, hop);
      if (!found) {
        if (target.getParent(hop.relationship) === undefined)
          target.setParent(hop.relationship, null);
        return;
      }
      let parent = target.getParent(hop.relationship);
      if (!parent) {
        parent = new SObjectRecord(hop.to === 'Name' ? found.object.name : hop.to);
        parent.set('Id', found.row.get('Id') ?? null);
        target.setParent(hop.relationship, parent);
      }
      from = found;
      target = parent;
    }
    target.set(field.name, resolver.valueOf(run.tx, from, field));
  };
}

/** A computed column, such as `toLabel(Status__c)`. */
export function projectOperand(operand: Operand<RowScope>, column: string): Projector {
  return (run, row, record) => record.set(column, operand.get({ run, row }));
}

export function makeRecord(
  reader: RecordReader,
  object: ObjectDescribe,
  projectors: readonly Projector[],
  run: QueryRun,
  row: Row,
): SObjectRecord {
  const record = new SObjectRecord(object.name);
  // Apex always finds the id of a queried record, selected or not.
  if (reader.schema.field(object.name, 'Id')) record.set('Id', row.get('Id') ?? null);
  for (const project of projectors) project(run, row, record);
  return record;
}
