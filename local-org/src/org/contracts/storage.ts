/** What lasts: the clock, the rows below the order of execution, small durable collections, and who runs units of work. */
import type { SObjectRecord } from '../../values/values.js';
import type { ExecutionKind, Transaction } from './transaction.js';

/** The org's clock; the local org can be moved forward so that retries and schedules need no waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves the clock forward; work that becomes due runs when the pump next turns. */
  advance(milliseconds: number): void;
}

/** What can be written to disk and read back unchanged. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The rows of the org below the order of execution: no triggers, rights, limits or validation. */
export interface RowStore {
  /** A place to come back to. Places are numbered upwards; a later one dies with an earlier one. */
  savepoint(): number;
  rollbackTo(savepoint: number): void;
  /** Ends the unit of work: what was written since the last commit stays, also across a restart. */
  commit(): void;
  /** Writes a system row such as an `AsyncApexJob`; gives it an id when it has none, which it returns. */
  putSystemRow(record: SObjectRecord): string;
  /** A stored row with all its fields, or null. */
  findRow(type: string, id: string): SObjectRecord | null;
}

/** Small durable collections beside the rows: waiting jobs, the mailbox, notifications. */
export interface DurableStore {
  load(collection: string): readonly Json[];
  /** Replaces one entry (by key) or removes it (`null`). */
  put(collection: string, key: string, value: Json | null): void;
}

/** Runs units of work, one at a time: commits on return, rolls back when the body throws. */
export interface TransactionRunner {
  run<T>(options: TransactionOptions, body: (tx: Transaction) => T): T;
}

export interface TransactionOptions {
  readonly kind: ExecutionKind;
  readonly userId: string;
  /** What asks for it, for the limit report: a request line, or a job with its class. */
  readonly source?: string;
  /** A test's transaction collects asynchronous work and is always rolled back at its end. */
  readonly isTest?: boolean;
}
