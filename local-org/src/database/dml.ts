/**
 * DML statements: rows of one or several objects in chunks of 200, all or none or as many as can be saved, upserts by
 * id or external id, and the governor counters.
 */
import type { ObjectDescribe, Schema } from '../metadata/index.js';
import {
  DmlFailure,
  PlatformError,
  UnsupportedError,
  type Dml,
  type DmlOperation,
  type SaveOptions,
  type SaveResult,
  type Transaction,
} from '../org/contracts.js';
import type { RecordError, SObjectRecord } from '../values/values.js';
import { Deleter } from './delete.js';
import { toId18 } from './ids.js';
import type { RecordReader } from './record-reader.js';
import { RollUps } from './roll-up.js';
import { ChunkSaver, depthError } from './save.js';
import { refuseSetupMix } from './setup-mix.js';
import {
  recordError,
  type AccessControl,
  type ObjectBehaviour,
  type RowResult,
  type SaveContext,
} from './save-types.js';
import { planUpsert } from './upsert.js';

const CHUNK = 200;
const MAXIMUM_DEPTH = 16;
/** A partial save tries its good rows this often before it gives up, as the platform does. */
const MAXIMUM_ATTEMPTS = 3;
/** Most changes of object within one statement's list. */
const MAXIMUM_OBJECT_CHUNKS = 10;

/** Key of the trigger depth in `Transaction.state`. */
const DEPTH = Symbol('trigger depth');

type Step = Exclude<DmlOperation, 'upsert'>;

const SYSTEM: SaveOptions = { access: { mode: 'system', sharing: false }, allOrNone: true };

export class DmlEngine implements Dml {
  private readonly schema: Schema;
  private readonly saver: ChunkSaver;
  private readonly deleter: Deleter;

  constructor(
    private readonly reader: RecordReader,
    private readonly access: AccessControl,
    behaviours: ReadonlyMap<string, ObjectBehaviour>,
  ) {
    this.schema = reader.schema;
    const rollUps = new RollUps(reader.schema, reader.store, (tx, _object, records) => {
      this.saveByPlatform(tx, 'update', records);
    });
    this.saver = new ChunkSaver(reader, access, behaviours, rollUps);
    this.deleter = new Deleter(reader, access, behaviours, rollUps);
  }

  save(
    tx: Transaction,
    operation: DmlOperation,
    rows: SObjectRecord[],
    options: SaveOptions,
  ): SaveResult[] {
    tx.limits.use('dmlStatements');
    if (rows.length === 0) return [];
    tx.limits.use('dmlRows', rows.length);
    return this.execute(tx, operation, rows, options, false);
  }

  /**
   * A save the platform itself makes as part of another: full automation, no rights, no limits, read-only fields
   * writable.
   * @throws DmlFailure when automation refuses it
   */
  saveByPlatform(tx: Transaction, operation: Step, rows: SObjectRecord[]): SaveResult[] {
    return rows.length === 0 ? [] : this.execute(tx, operation, rows, SYSTEM, true);
  }

  private execute(
    tx: Transaction,
    operation: DmlOperation,
    rows: SObjectRecord[],
    options: SaveOptions,
    byPlatform: boolean,
  ): SaveResult[] {
    const start = tx.savepoint();
    const given = rows.map((row) => row.id);
    try {
      const results = new Array<SaveResult>(rows.length);
      for (const [object, indexes] of this.groupByObject(rows)) {
        const context: SaveContext = { tx, object, options, byPlatform };
        for (let from = 0; from < indexes.length; from += CHUNK) {
          this.executeChunk(context, operation, rows, indexes.slice(from, from + CHUNK), results);
        }
      }
      const failures = results.flatMap(({ errors }, index) =>
        errors.length > 0 ? [{ index, id: given[index] ?? null, errors }] : [],
      );
      if (options.allOrNone && failures.length > 0) throw new DmlFailure(operation, failures);
      return results;
    } catch (error) {
      tx.rollback(start);
      rows.forEach((row, index) => {
        if (given[index] === null) row.unset('Id');
      });
      throw error;
    }
  }

  /** Neighbouring rows of one object, in order. */
  private groupByObject(rows: readonly SObjectRecord[]): [ObjectDescribe, number[]][] {
    const groups: [ObjectDescribe, number[]][] = [];
    rows.forEach((row, index) => {
      const object = this.schema.requireObject(row.type);
      const last = groups.at(-1);
      if (last?.[0] === object) last[1].push(index);
      else groups.push([object, [index]]);
    });
    if (groups.length > MAXIMUM_OBJECT_CHUNKS) {
      throw new PlatformError(
        'INVALID_OPERATION',
        `Cannot have more than ${MAXIMUM_OBJECT_CHUNKS} chunks in a single operation. Please rearrange the data to ` +
          `reduce chunking.`,
        'TypeException',
      );
    }
    return groups;
  }

  private executeChunk(
    context: SaveContext,
    operation: DmlOperation,
    rows: readonly SObjectRecord[],
    indexes: readonly number[],
    results: SaveResult[],
  ): void {
    if (operation !== 'upsert') {
      this.step(context, operation, rows, indexes, results);
      return;
    }
    const plan = planUpsert(this.schema, this.reader.store, context, rows, indexes);
    for (const [index, errors] of plan.refused) {
      results[index] = { id: null, success: false, created: false, errors };
    }
    if (plan.inserts.length > 0) this.step(context, 'insert', rows, plan.inserts, results);
    if (plan.updates.length > 0) this.step(context, 'update', rows, plan.updates, results);
  }

  /** One operation on one chunk; a partial save repeats with the rows that had no error. */
  private step(
    context: SaveContext,
    operation: Step,
    rows: readonly SObjectRecord[],
    indexes: readonly number[],
    results: SaveResult[],
  ): void {
    const { tx, options } = context;
    this.requireOffered(context, operation);
    refuseSetupMix(tx, context.object);
    let left = [...indexes];
    for (let attempt = 1; left.length > 0; attempt++) {
      const start = tx.savepoint();
      const outcomes = this.runNested(
        context,
        operation,
        left.map((index) => rows[index]!),
      );
      const failed = outcomes.filter(({ errors }) => errors.length > 0).length;
      left.forEach((index, position) => {
        const { id, errors } = outcomes[position]!;
        const success = errors.length === 0;
        results[index] = {
          id: success ? id : null,
          success,
          created: success && operation === 'insert',
          errors,
        };
      });
      if (failed === 0 || options.allOrNone) {
        left.forEach((index, position) => {
          const id = outcomes[position]?.id;
          if (operation === 'insert' && id && failed === 0) rows[index]?.set('Id', id);
        });
        return;
      }
      tx.rollback(start);
      left = left.filter((index) => results[index]?.success);
      if (attempt === MAXIMUM_ATTEMPTS && left.length > 0) {
        const errors = [
          recordError(
            'TOO_MANY_APEX_REQUESTS',
            'Too many batch retries in the presence of Apex triggers and partial failures.',
          ),
        ];
        for (const index of left)
          results[index] = { id: null, success: false, created: false, errors };
        return;
      }
    }
  }

  /** Runs the steps one level deeper; triggers that save again and again end at the platform's depth. */
  private runNested(
    context: SaveContext,
    operation: Step,
    inputs: readonly SObjectRecord[],
  ): RowResult[] {
    const { tx, object } = context;
    const depth = Number(tx.state.get(DEPTH) ?? 0);
    if (depth >= MAXIMUM_DEPTH) {
      const errors: readonly RecordError[] = [depthError(object)];
      return inputs.map(() => ({ id: null, errors }));
    }
    tx.state.set(DEPTH, depth + 1);
    try {
      if (operation === 'delete') return this.deleter.delete(context, inputs);
      if (operation === 'undelete') return this.deleter.undelete(context, inputs);
      if (operation === 'emptyRecycleBin') return this.deleter.purge(context, inputs);
      if (operation === 'update') refuseTwice(inputs);
      return this.saver.save(context, operation, inputs);
    } finally {
      tx.state.set(DEPTH, depth);
    }
  }

  /** Refuses operations the object does not have and, in user mode, those the user has no right to. */
  private requireOffered(context: SaveContext, operation: Step): void {
    const { tx, object, options, byPlatform } = context;
    if (object.unsupportedDml) {
      throw new UnsupportedError(`Saving ${object.name}`, object.unsupportedDml);
    }
    if (byPlatform) return;
    const offered = {
      insert: object.createable,
      update: object.updateable,
      delete: object.deletable,
      undelete: object.undeletable,
      emptyRecycleBin: object.undeletable,
    }[operation];
    const name = operation[0]!.toUpperCase() + operation.slice(1);
    if (!offered) {
      throw new PlatformError(
        'INVALID_TYPE_FOR_OPERATION',
        `DML operation ${name} not allowed on ${object.name}`,
        'TypeException',
      );
    }
    if (options.access.mode !== 'user') return;
    const right = (
      {
        insert: 'create',
        update: 'edit',
        delete: 'delete',
        undelete: 'delete',
        emptyRecycleBin: 'delete',
      } as const
    )[operation];
    if (!this.access.objectRight(tx, object.name, right)) {
      throw new PlatformError(
        'INSUFFICIENT_ACCESS',
        `DML operation ${name.toUpperCase()} not allowed on ${object.name}`,
        'SecurityException',
      );
    }
  }
}

function refuseTwice(inputs: readonly SObjectRecord[]): void {
  const seen = new Set<string>();
  for (const input of inputs) {
    const id = input.id === null ? null : toId18(input.id);
    if (id === null) continue;
    if (seen.has(id)) {
      throw new PlatformError('DUPLICATE_VALUE', `Duplicate id in list: ${id}`, 'ListException');
    }
    seen.add(id);
  }
}
