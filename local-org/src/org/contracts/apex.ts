/** The Apex engine as jobs, events and flows see it, and the values that pass between them. */
import type { FieldValue, SObjectRecord } from '../../values/values.js';
import type { Json } from './storage.js';
import type { Transaction } from './transaction.js';

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
