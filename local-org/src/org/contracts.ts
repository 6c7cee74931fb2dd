/**
 * The seams between the parts of the local org. Each part implements the interfaces it is named for and knows the
 * others only through them; `org.ts` puts them together.
 */
import type { ExpressionContext, QueryContext } from '@apexdevtools/apex-parser';
import type { FieldValue, RecordError, SObjectRecord } from '../values/values.js';

/** Salesforce raises it where a construct exists there but not here: name it, with its place, and stop. */
export class UnsupportedError extends Error {
  constructor(construct: string, where: string) {
    super(`${construct} is not supported by the local org (${where})`);
    this.name = 'UnsupportedError';
  }
}

/** A refusal that reaches the caller as an Apex exception or a REST error with the platform's own code. */
export class PlatformError extends Error {
  constructor(
    /** Such as `INSUFFICIENT_ACCESS_OR_READONLY`, `INVALID_FIELD`, `LIMIT_EXCEEDED`. */
    readonly statusCode: string,
    message: string,
    /** Apex exception type it becomes, such as `QueryException`. */
    readonly exceptionType: string = 'UnexpectedException',
    readonly fields: readonly string[] = [],
  ) {
    super(message);
    this.name = 'PlatformError';
  }
}

// ---------------------------------------------------------------- transaction (platform/)

export type ExecutionKind =
  'synchronous' | 'queueable' | 'batch' | 'future' | 'scheduled' | 'platformEvent' | 'flowAsync';

/** What a governor limit counts in one transaction. */
export type LimitName =
  | 'queries'
  | 'queryRows'
  | 'dmlStatements'
  | 'dmlRows'
  | 'callouts'
  | 'queueableJobs'
  | 'futureCalls'
  | 'emailInvocations'
  | 'publishImmediateDml';

export interface LimitCounters {
  /** Counts and throws a `System.LimitException` (not catchable in Apex) past the maximum. */
  use(limit: LimitName, amount?: number): void;
  used(limit: LimitName): number;
  maximum(limit: LimitName): number;
  /** `Test.startTest()` gives a fresh set; `Test.stopTest()` returns to the earlier one. */
  startTest(): void;
  stopTest(): void;
}

/** One unit of work: everything in it is committed together or not at all. */
export interface Transaction {
  readonly org: OrgServices;
  /** The running user's id; `System.runAs` and the platform-event user change it. */
  userId: string;
  readonly kind: ExecutionKind;
  readonly isTest: boolean;
  readonly limits: LimitCounters;
  /** Milliseconds since 1970 on the org's clock. */
  now(): number;
  /** Apex static variables, flow-recursion marks and the like: one store a transaction, keyed by their owner. */
  readonly state: Map<unknown, unknown>;
  /** Work for after the commit, in order; dropped on roll-back. */
  afterCommit(work: () => void): void;
  savepoint(): Savepoint;
  rollback(savepoint: Savepoint): void;
  /** True once a record was saved, a job enqueued or an e-mail sent: callouts are then refused. */
  hasUncommittedWork: boolean;
  /** Set while platform-event triggers run on a delivered batch. */
  readonly eventDelivery: EventDelivery | null;
}

export interface Savepoint {
  readonly id: number;
}

/** Whose rights apply to one query or save. */
export interface AccessMode {
  /** `user` enforces object and field permissions and sharing; `system` enforces none of them. */
  readonly mode: 'user' | 'system';
  /** Record sharing of the running user, as `with sharing` asks for. Always on in user mode. */
  readonly sharing: boolean;
}

// ---------------------------------------------------------------- database and SOQL (database/, soql/)

export type DmlOperation =
  'insert' | 'update' | 'upsert' | 'delete' | 'undelete' | 'emptyRecycleBin';

export interface SaveOptions {
  readonly access: AccessMode;
  /** False saves what can be saved and reports the rest (`Database.insert(rows, false)`). */
  readonly allOrNone: boolean;
  readonly externalIdField?: string;
}

export interface SaveResult {
  readonly id: string | null;
  readonly success: boolean;
  readonly created: boolean;
  readonly errors: readonly RecordError[];
}

/** Thrown by an all-or-none save that was refused; Apex sees a `DmlException`. */
export class DmlFailure extends Error {
  constructor(
    readonly operation: DmlOperation,
    /** Index of the row in the caller's list and its errors, in order of the rows. */
    readonly failures: readonly {
      index: number;
      id: string | null;
      errors: readonly RecordError[];
    }[],
  ) {
    const first = failures[0];
    const error = first?.errors[0];
    super(
      `${operation[0]!.toUpperCase()}${operation.slice(1)} failed. First exception on row ${first?.index ?? 0}` +
        `${first?.id ? ` with id ${first.id}` : ''}; first error: ${error?.statusCode ?? 'UNKNOWN_EXCEPTION'}, ` +
        `${error?.message ?? ''}: [${error?.fields.join(', ') ?? ''}]`,
    );
    this.name = 'DmlFailure';
  }
}

export interface Dml {
  /** Runs the order of execution in chunks of 200 rows. Sets `Id` on inserted records. */
  save(
    tx: Transaction,
    operation: DmlOperation,
    rows: SObjectRecord[],
    options: SaveOptions,
  ): SaveResult[];
}

export interface QueryResult {
  /** Rows; aggregate rows have the type `AggregateResult` and their aliases as fields. */
  readonly records: SObjectRecord[];
  /** The count of a `SELECT COUNT()` query, else the number of rows. */
  readonly totalSize: number;
}

/** A compiled query; bind values come in the order of `binds`. */
export interface QueryPlan {
  readonly fromObject: string;
  readonly isCount: boolean;
  readonly isAggregate: boolean;
  /** `WITH USER_MODE` / `WITH SYSTEM_MODE` of the text, which overrides the caller's mode. */
  readonly declaredMode: 'user' | 'system' | null;
  readonly binds: readonly ExpressionContext[];
  /** Counts against the governor limits. A list bind is an array of values. */
  execute(
    tx: Transaction,
    binds: readonly (FieldValue | readonly FieldValue[])[],
    access: AccessMode,
  ): QueryResult;
}

export interface QueryCompiler {
  /** From the syntax tree of a query inside Apex. Checks objects, fields and relationships. */
  compile(query: QueryContext, where: string): QueryPlan;
  /** From text (dynamic SOQL, REST); `binds` are then simple or dotted names. */
  compileText(soql: string, where: string): QueryPlan;
}

// ---------------------------------------------------------------- automation (apex/, flow/, formula/)

/** One row on its way through the order of execution. */
export interface SaveRow {
  /** The new image; before-save automation changes it in place. The old image itself for a delete. */
  readonly record: SObjectRecord;
  /** The image before the save; null for an insert. */
  readonly old: SObjectRecord | null;
}

export type TriggerOperation = 'insert' | 'update' | 'delete' | 'undelete';

/** What the database calls at each step; errors are put on `row.record.errors`. */
export interface SaveAutomation {
  /** Apex triggers of the object; rows that already have errors are not passed. */
  runTriggers(
    tx: Transaction,
    timing: 'before' | 'after',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void;
  /** Record-triggered flows: `beforeSave` and `beforeDelete` in the save, `afterSave` after the after triggers. */
  runRecordFlows(
    tx: Transaction,
    timing: 'beforeSave' | 'afterSave' | 'beforeDelete',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void;
  runValidationRules(
    tx: Transaction,
    operation: 'insert' | 'update',
    object: string,
    rows: readonly SaveRow[],
  ): void;
  /** The value of a formula field of a record, or of a default-value formula. */
  evaluateFormula(
    tx: Transaction,
    formula: string,
    record: SObjectRecord,
    returns: string,
  ): FieldValue;
}

// ---------------------------------------------------------------- platform services (platform/)

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

/** An Apex object at rest: its class, and its fields as the Apex engine wrote them. */
export interface FrozenInstance {
  readonly className: string;
  readonly state: Json;
}

/** How a job ended, as a `FinalizerContext` tells it. */
export interface JobOutcome {
  readonly jobId: string;
  readonly result: 'SUCCESS' | 'UNHANDLED_EXCEPTION';
  readonly exceptionType: string | null;
  readonly exceptionMessage: string | null;
}

/** The Apex engine as the job queue, the event bus and the flows see it. Implemented by apex/. */
export interface ApexRuntime {
  runQueueable(tx: Transaction, job: FrozenInstance, jobId: string): void;
  runFinalizer(tx: Transaction, finalizer: FrozenInstance, outcome: JobOutcome): void;
  runFuture(tx: Transaction, call: FutureCall): void;
  runSchedulable(tx: Transaction, job: FrozenInstance, cronTriggerId: string): void;
  /** `start`: the items of all scopes in order, frozen, and the instance as `start` left it. */
  startBatch(
    tx: Transaction,
    job: FrozenInstance,
    jobId: string,
  ): { readonly job: FrozenInstance; readonly items: readonly Json[] };
  /** `execute` on one scope; returns the instance (`Database.Stateful` keeps its fields). */
  executeBatch(
    tx: Transaction,
    job: FrozenInstance,
    jobId: string,
    items: readonly Json[],
  ): FrozenInstance;
  finishBatch(tx: Transaction, job: FrozenInstance, jobId: string): void;
  /** The invocable method of a class, as flows call it; null when the class has none. */
  describeInvocable(className: string): InvocableDescription | null;
  /** One call for all inputs; the answer has one entry an input, in order. */
  callInvocable(
    tx: Transaction,
    className: string,
    inputs: readonly InvocableValues[],
  ): readonly InvocableValues[];
}

export interface FutureCall {
  readonly className: string;
  readonly method: string;
  readonly arguments: readonly Json[];
}

/** A flow's value: a field value, a record, a list of either, or an opaque Apex object. */
export type FlowValue = FieldValue | SObjectRecord | ApexObjectRef | readonly FlowValue[];

/** An Apex instance passing through a flow; only the Apex engine looks inside. */
export interface ApexObjectRef {
  readonly apexType: string;
  /** The value of a member, for `{!action.result.member}`. */
  get(member: string): FlowValue;
  set(member: string, value: FlowValue): void;
}

/** Values of invocable variables by name. A method of bare values uses one entry under its type's name. */
export type InvocableValues = ReadonlyMap<string, FlowValue>;

export interface InvocableDescription {
  readonly className: string;
  readonly label: string;
  readonly isCallout: boolean;
  readonly inputs: readonly InvocableVariable[];
  readonly outputs: readonly InvocableVariable[];
}

export interface InvocableVariable {
  readonly name: string;
  /** Apex type as written, such as `String` or `List<Id>`. */
  readonly type: string;
  readonly isRequired: boolean;
}

/** Asynchronous Apex. Work is queued with the transaction's commit and lost with its roll-back. */
export interface AsyncJobs {
  /** `System.enqueueJob`: the id of the `AsyncApexJob`. */
  enqueue(tx: Transaction, job: FrozenInstance, options?: EnqueueOptions): string;
  /** `System.attachFinalizer`, from inside a running queueable. */
  attachFinalizer(tx: Transaction, finalizer: FrozenInstance): void;
  callFuture(tx: Transaction, call: FutureCall): string;
  /** `Database.executeBatch`; the scope size is 200 unless told. */
  executeBatch(tx: Transaction, job: FrozenInstance, scopeSize?: number): string;
  /** `System.schedule`: the id of the `CronTrigger`. */
  schedule(tx: Transaction, name: string, cron: string, job: FrozenInstance): string;
  /** `System.abortJob` for an `AsyncApexJob` or a `CronTrigger`. */
  abort(tx: Transaction, id: string): void;
  /** `Test.startTest()`: what was queued before is not part of the test and never runs. */
  dropCollected(tx: Transaction): void;
  /** `Test.stopTest()`: runs what the test has collected so far, each job in its own sub-transaction. */
  runCollected(tx: Transaction): void;
}

export interface EnqueueOptions {
  /** 0 to 10. */
  readonly delayMinutes?: number;
  /** `AsyncOptions.MaximumQueueableStackDepth`. */
  readonly maximumDepth?: number;
}

/** Thrown out of a platform-event trigger to have the batch sent again (`EventBus.RetryableException`). */
export class EventRetryRequest extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventRetryRequest';
  }
}

/** What `EventBus.TriggerContext` shows to a platform-event trigger. */
export interface EventDelivery {
  readonly event: string;
  /** How often this batch was sent before. */
  readonly retries: number;
  readonly lastError: string | null;
  /** Events up to this replay id count as done, whatever happens next. */
  setResumeCheckpoint(replayId: string): void;
  getResumeCheckpoint(): string | null;
}

export interface EventMessage {
  readonly event: string;
  readonly replayId: number;
  /** Epoch milliseconds of the publication. */
  readonly publishedAt: number;
  readonly record: SObjectRecord;
}

export interface EventBus {
  /** `EventBus.publish`: queued at once or with the commit, as the event's definition says. */
  publish(tx: Transaction, events: readonly SObjectRecord[]): SaveResult[];
  /** A streaming client. `replayFrom` -1 = from now on, -2 = everything kept, else after that id. Call the result to stop. */
  subscribe(
    event: string,
    listener: (message: EventMessage) => void,
    replayFrom?: number,
  ): () => void;
  /** `Test.getEventBus().deliver()` and the end of `Test.stopTest()`. */
  deliverCollected(tx: Transaction): void;
}

/** One `Messaging.SingleEmailMessage`, or one action of a flow. */
export interface EmailDraft {
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  /** A Contact, Lead or User the mail goes to and the template's recipient. */
  readonly targetObjectId?: string;
  /** The record the template's merge fields speak of. */
  readonly whatId?: string;
  readonly templateId?: string;
  readonly subject?: string;
  readonly plainTextBody?: string;
  readonly htmlBody?: string;
  readonly replyTo?: string;
  readonly senderName?: string;
  readonly saveAsActivity?: boolean;
}

/** A mail that left the org: this org keeps it here instead of sending it. */
export interface SentEmail {
  readonly id: string;
  readonly sentAt: number;
  readonly senderId: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly plainTextBody: string;
  readonly htmlBody: string;
  readonly relatedToId: string | null;
}

export interface Mailbox {
  /** `Messaging.sendEmail`: leaves with the commit. Throws a {@link PlatformError} for what the platform refuses. */
  /** @param isNewCall false for further messages of one call, which counts once against the limit */
  send(tx: Transaction, drafts: readonly EmailDraft[], isNewCall?: boolean): void;
  /** Newest last. */
  list(): readonly SentEmail[];
}

export interface NotificationDraft {
  /** Developer name or id of the `CustomNotificationType`. */
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly targetId?: string;
  readonly targetPageRef?: string;
  readonly senderId?: string;
}

export interface UserNotification {
  readonly id: string;
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly targetId: string | null;
  readonly createdAt: number;
  readonly isRead: boolean;
}

export interface Notifications {
  /** To users, or to the members of groups and queues; at most 500 recipients. */
  send(tx: Transaction, draft: NotificationDraft, recipientIds: readonly string[]): void;
  /** Newest first. */
  forUser(userId: string): readonly UserNotification[];
  markRead(userId: string, notificationId: string): void;
}

/** Where `callout:Name` goes and with which secret headers; filled by setup code, never by metadata. */
export interface NamedCredentials {
  define(name: string, credential: NamedCredential): void;
  /** Throws a `CalloutException` when the name is unknown. `path` begins with `/` or is empty. */
  resolve(name: string, path: string): NamedCredentialTarget;
}

export interface NamedCredential {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface NamedCredentialTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Flows that something other than a record or an event starts: Apex, REST, another flow. */
export interface Flows {
  /** Runs an active autolaunched flow once for each set of inputs, in bulk; output variables in the same order. */
  launch(
    tx: Transaction,
    flowName: string,
    inputs: readonly InvocableValues[],
  ): readonly InvocableValues[];
}

// ---------------------------------------------------------------- the whole

/** What every part can reach through a transaction. */
export interface OrgServices {
  readonly dml: Dml;
  readonly queries: QueryCompiler;
  readonly automation: SaveAutomation;
  readonly apex: ApexRuntime;
  readonly clock: Clock;
  readonly jobs: AsyncJobs;
  readonly events: EventBus;
  readonly mailbox: Mailbox;
  readonly notifications: Notifications;
  readonly namedCredentials: NamedCredentials;
  readonly flows: Flows;
}
