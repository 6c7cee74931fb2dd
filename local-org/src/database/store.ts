/**
 * The rows of the org in memory. Every change is written to an undo journal first, so that savepoints, failed saves and
 * whole test runs can be taken back. One unit of work runs at a time; there is no concurrency inside an org.
 */
import type { FieldValue } from '../values/values.js';
import { makeId } from './ids.js';
import { Table, type Row } from './table.js';

interface Change {
  readonly object: string;
  readonly id: string;
  readonly before: Row | undefined;
}

/** A row as it stands after a commit; null when it is gone. */
export interface CommittedChange {
  readonly object: string;
  readonly id: string;
  readonly row: Row | null;
}

/** What must outlast the process (see `persistence.ts`). */
export interface CommitListener {
  committed(changes: readonly CommittedChange[], counters: ReadonlyMap<string, number>): void;
}

/** A scratch copy of the org; everything done in it is gone when it is discarded. */
export interface Fork {
  discard(): void;
}

export class Store {
  private readonly tables = new Map<string, Table>();
  private readonly counters = new Map<string, number>();
  private journal: Change[] = [];
  private forks = 0;
  private readonly listeners: CommitListener[] = [];

  onCommit(listener: CommitListener): void {
    this.listeners.push(listener);
  }

  /** @param object canonical API name */
  table(object: string): Table {
    let table = this.tables.get(object);
    if (!table) {
      table = new Table();
      this.tables.set(object, table);
    }
    return table;
  }

  /** Objects that have or had rows. */
  objects(): IterableIterator<string> {
    return this.tables.keys();
  }

  get(object: string, id: string): Row | undefined {
    return this.table(object).get(id);
  }

  put(object: string, id: string, row: Row): void {
    this.change(object, id, row);
  }

  /** Takes a row away for good (deleted rows in the recycle bin stay, with `IsDeleted`). */
  remove(object: string, id: string): void {
    this.change(object, id, undefined);
  }

  private change(object: string, id: string, row: Row | undefined): void {
    const table = this.table(object);
    this.journal.push({ object, id, before: table.get(id) });
    table.put(id, row);
  }

  /** The next id of an object; ids are never given twice, not even after a roll-back. */
  nextId(object: string, keyPrefix: string): string {
    return makeId(keyPrefix, this.nextNumber(`id:${object}`, 1));
  }

  /** The next number of a named sequence, such as an auto-number field. */
  nextNumber(sequence: string, first: number): number {
    const number = this.counters.get(sequence) ?? first;
    this.counters.set(sequence, number + 1);
    return number;
  }

  /** A point to return to: everything after it can be taken back. */
  savepoint(): number {
    return this.journal.length;
  }

  rollbackTo(savepoint: number): void {
    while (this.journal.length > savepoint) {
      const change = this.journal.pop();
      if (change) this.table(change.object).put(change.id, change.before);
    }
  }

  /** Makes everything so far final; inside a fork it stays revocable. */
  commit(): void {
    if (this.forks > 0 || this.journal.length === 0) return;
    const journal = this.journal;
    this.journal = [];
    if (this.listeners.length === 0) return;
    const changed = new Map<string, Change>();
    for (const change of journal) changed.set(`${change.object} ${change.id}`, change);
    const changes = [...changed.values()].map(({ object, id }) => ({
      object,
      id,
      row: this.get(object, id) ?? null,
    }));
    for (const listener of this.listeners) listener.committed(changes, this.counters);
  }

  /** Begins a scratch copy on top of what stands now; costs nothing until something changes. */
  fork(): Fork {
    const mark = this.savepoint();
    const counters = new Map(this.counters);
    this.forks++;
    let open = true;
    return {
      discard: () => {
        if (!open) return;
        open = false;
        this.rollbackTo(mark);
        this.forks--;
        this.counters.clear();
        for (const [name, number] of counters) this.counters.set(name, number);
      },
    };
  }

  /** Puts back what {@link CommitListener} was told, when an org is opened again. */
  restore(rows: Iterable<CommittedChange>, counters: Iterable<readonly [string, number]>): void {
    for (const { object, id, row } of rows) this.table(object).put(id, row ?? undefined);
    for (const [name, number] of counters) this.counters.set(name, number);
  }

  /** Every row, for a snapshot. */
  *rows(): IterableIterator<{ object: string; id: string; row: Row }> {
    for (const [object, table] of this.tables) {
      for (const [id, row] of table.entries()) yield { object, id, row };
    }
  }

  sequenceState(): ReadonlyMap<string, number> {
    return this.counters;
  }
}

/** A copy of a row with some values changed; null takes a value away. */
export function withValues(row: Row, changes: Iterable<readonly [string, FieldValue]>): Row {
  const next = new Map(row);
  for (const [field, value] of changes) {
    if (value === null) next.delete(field);
    else next.set(field, value);
  }
  return next;
}
