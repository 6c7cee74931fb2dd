/** Deletes and undeletes: what goes with a record, what stops it, and what comes back. */
import type { ChildRelationship, ObjectDescribe, Schema } from '../metadata/index.js';
import { ApexDatetime, type FieldValue, type SObjectRecord } from '../values/values.js';
import { toId18 } from './ids.js';
import { recordOf } from './prepare.js';
import type { RecordReader } from './record-reader.js';
import type { RollUps } from './roll-up.js';
import {
  recordError,
  type AccessControl,
  type ObjectBehaviour,
  type PreparedRow,
  type RowResult,
  type SaveContext,
} from './save-types.js';
import { withValues, type Store } from './store.js';
import type { Row } from './table.js';

/** Hidden note on a row that was deleted with another: the id of that other row. */
const DELETED_WITH = '@deletedWith';
/** Hidden note on a deleted row: the look-ups that pointed to it and were emptied, `[object, id, field]` each, as JSON. */
const EMPTIED = '@emptied';

type LookUp = readonly [object: string, id: string, field: string];

export class Deleter {
  private readonly schema: Schema;
  private readonly store: Store;

  constructor(
    private readonly reader: RecordReader,
    private readonly access: AccessControl,
    private readonly behaviours: ReadonlyMap<string, ObjectBehaviour>,
    private readonly rollUps: RollUps,
  ) {
    this.schema = reader.schema;
    this.store = reader.store;
  }

  delete(context: SaveContext, inputs: readonly SObjectRecord[]): RowResult[] {
    const { tx, object } = context;
    const { automation } = tx.org;
    const behaviour = this.behaviours.get(object.name);
    const rows = inputs.map((input) => this.load(context, input, false));
    const good = (): PreparedRow[] => rows.filter((row) => row.record.errors.length === 0);
    const step = (run: (part: PreparedRow[]) => void): void => {
      const part = good();
      if (part.length > 0) run(part);
    };
    for (const row of good()) behaviour?.beforeDelete?.(context, row);
    step((part) => automation.runRecordFlows(tx, 'beforeDelete', 'delete', object.name, part));
    step((part) => automation.runTriggers(tx, 'before', 'delete', object.name, part));
    for (const row of good()) {
      const blocker = this.findBlocker(object, row.record.id ?? '');
      if (blocker) row.record.errors.push(blocker);
      else this.remove(context, object, row.record.id ?? '', null);
    }
    step((part) => behaviour?.afterDelete?.(context, part));
    step((part) => automation.runTriggers(tx, 'after', 'delete', object.name, part));
    step((part) => this.rollUps.recalculate(tx, object, part));
    if (good().length > 0) tx.hasUncommittedWork = true;
    return rows.map((row) => ({ id: row.record.id, errors: row.record.errors }));
  }

  undelete(context: SaveContext, inputs: readonly SObjectRecord[]): RowResult[] {
    const { tx, object } = context;
    const { automation } = tx.org;
    const rows = inputs.map((input) => this.load(context, input, true));
    const good = (): PreparedRow[] => rows.filter((row) => row.record.errors.length === 0);
    for (const row of good()) this.restore(object, row.record.id ?? '', null);
    if (good().length > 0) {
      tx.hasUncommittedWork = true;
      automation.runTriggers(tx, 'after', 'undelete', object.name, good());
    }
    if (good().length > 0)
      automation.runRecordFlows(tx, 'afterSave', 'undelete', object.name, good());
    this.rollUps.recalculate(tx, object, good());
    return rows.map((row) => ({ id: row.record.id, errors: row.record.errors }));
  }

  /** Takes rows, and what was deleted with them, out of the recycle bin for good. No automation runs. */
  purge(context: SaveContext, inputs: readonly SObjectRecord[]): RowResult[] {
    const { object } = context;
    const rows = inputs.map((input) => this.load(context, input, true));
    for (const { record } of rows) {
      if (record.errors.length === 0) this.discard(object, record.id ?? '', null);
    }
    return rows.map(({ record }) => ({ id: record.id, errors: record.errors }));
  }

  private load(context: SaveContext, input: SObjectRecord, deleted: boolean): PreparedRow {
    const { tx, object, options } = context;
    const id = input.id === null ? null : toId18(input.id);
    const stored = id === null ? undefined : this.store.get(object.name, id);
    if (!stored) {
      const record = recordOf(object.name, new Map());
      if (id !== null) record.set('Id', id);
      record.errors.push(
        id === null
          ? recordError('MISSING_ARGUMENT', 'Id not specified in a delete call')
          : recordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'),
      );
      return { input, record, old: null, stored: null };
    }
    const record = recordOf(object.name, stored);
    this.reader.addFormulas(tx, record);
    if ((stored.get('IsDeleted') === true) !== deleted) {
      record.errors.push(
        deleted
          ? recordError('UNDELETE_FAILED', 'Entity is not in the recycle bin')
          : recordError('ENTITY_IS_DELETED', 'entity is deleted'),
      );
    } else if (options.access.sharing && !this.access.recordRight(tx, object, stored, 'delete')) {
      record.errors.push(
        recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'),
      );
    }
    const old = deleted ? null : record;
    return { input, record, old, stored };
  }

  /** Live rows of a child relationship. */
  private childRows(child: ChildRelationship, parentId: string): { id: string; row: Row }[] {
    const table = this.store.table(child.childObject);
    if (table.size === 0) return [];
    return table
      .find(child.field, true, [parentId])
      .map((id) => ({ id, row: table.get(id) }))
      .filter((entry): entry is { id: string; row: Row } => entry.row !== undefined)
      .filter(({ row }) => row.get('IsDeleted') !== true);
  }

  /** A look-up that must not lose its parent, anywhere below the record. */
  private findBlocker(object: ObjectDescribe, id: string): ReturnType<typeof recordError> | null {
    for (const child of this.schema.childRelationships(object.name)) {
      const field = this.schema.field(child.childObject, child.field);
      if (!field || field.deleteConstraint === 'SetNull') continue;
      for (const { id: childId } of this.childRows(child, id)) {
        if (field.deleteConstraint === 'Restrict') {
          const label = this.schema.object(child.childObject)?.labelPlural ?? child.childObject;
          return recordError(
            'DELETE_FAILED',
            `Your attempt to delete ${id} could not be completed because it is associated with the following ` +
              `${label.toLowerCase()}: ${childId}`,
          );
        }
        const childObject = this.schema.object(child.childObject);
        const below = childObject && this.findBlocker(childObject, childId);
        if (below) return below;
      }
    }
    return null;
  }

  /** Puts a row and its details in the recycle bin; the details' triggers do not run, as on the platform. */
  private remove(
    context: SaveContext,
    object: ObjectDescribe,
    id: string,
    withId: string | null,
  ): void {
    const stored = this.store.get(object.name, id);
    if (!stored) return;
    const emptied: LookUp[] = [];
    for (const child of this.schema.childRelationships(object.name)) {
      const childObject = this.schema.object(child.childObject);
      const field = childObject && this.schema.field(childObject.name, child.field);
      if (!childObject || !field) continue;
      for (const entry of this.childRows(child, id)) {
        if (child.cascadeDelete) this.remove(context, childObject, entry.id, withId ?? id);
        else if (field.nillable) {
          emptied.push([childObject.name, entry.id, field.name]);
          this.store.put(childObject.name, entry.id, withValues(entry.row, [[field.name, null]]));
        }
      }
    }
    if (!this.schema.field(object.name, 'IsDeleted')) {
      this.store.remove(object.name, id);
      return;
    }
    const now = new ApexDatetime(Math.floor(context.tx.now() / 1000) * 1000);
    this.store.put(
      object.name,
      id,
      withValues(stored, [
        ['IsDeleted', true],
        ['SystemModstamp', now],
        [DELETED_WITH, withId],
        [EMPTIED, emptied.length > 0 ? JSON.stringify(emptied) : null],
      ]),
    );
  }

  private discard(object: ObjectDescribe, id: string, withId: string | null): void {
    for (const [childObject, childId] of this.deletedWith(object, id, withId)) {
      this.discard(childObject, childId, withId ?? id);
    }
    this.store.remove(object.name, id);
  }

  /** Details that went into the recycle bin together with their record. */
  private deletedWith(
    object: ObjectDescribe,
    id: string,
    withId: string | null,
  ): [ObjectDescribe, string][] {
    const found: [ObjectDescribe, string][] = [];
    for (const child of this.schema.childRelationships(object.name)) {
      const childObject = this.schema.object(child.childObject);
      const table = this.store.table(child.childObject);
      if (!child.cascadeDelete || !childObject || table.size === 0) continue;
      for (const childId of table.find(child.field, true, [id])) {
        if (table.get(childId)?.get(DELETED_WITH) === (withId ?? id)) {
          found.push([childObject, childId]);
        }
      }
    }
    return found;
  }

  /** Takes a row and what was deleted with it out of the recycle bin. Look-ups to it return unless they were filled anew. */
  private restore(object: ObjectDescribe, id: string, withId: string | null): void {
    const stored = this.store.get(object.name, id);
    if (!stored) return;
    this.store.put(
      object.name,
      id,
      withValues(stored, [
        ['IsDeleted', false],
        [DELETED_WITH, null],
        [EMPTIED, null],
      ]),
    );
    this.refill(stored.get(EMPTIED), id);
    for (const [childObject, childId] of this.deletedWith(object, id, withId)) {
      this.restore(childObject, childId, withId ?? id);
    }
  }

  private refill(emptied: FieldValue | undefined, id: string): void {
    if (typeof emptied !== 'string') return;
    for (const [object, rowId, field] of JSON.parse(emptied) as LookUp[]) {
      const row = this.store.get(object, rowId);
      if (row && row.get(field) === undefined) {
        this.store.put(object, rowId, withValues(row, [[field, id]]));
      }
    }
  }
}
