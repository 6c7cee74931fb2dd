/** The Apex engine of one project: compiled once, run in many transactions. */
import './library/index.js';
import './values/equality.js';
import type {
  ApexRuntime as ApexRuntimeContract,
  FrozenInstance,
  FutureCall,
  InvocableDescription,
  InvocableValues,
  JobOutcome,
  Json,
  QueryCompiler,
  SaveRow,
  Transaction,
  TriggerOperation,
} from '../org/contracts.js';
import { CompileUnit } from './compiler/unit.js';
import { compileAnonymous, compileProject, type ApexSources } from './compiler/project.js';
import { FinalizerContextValue, JobContext, RUNNING_JOB, type RunningJob } from './library/jobs.js';
import type { ApexPorts } from './ports.js';
import { QueryLocatorValue } from './library/database.js';
import { invokeDynamic } from './run/dynamic.js';
import { annotatedMethod } from './run/entry-points.js';
import { ExceptionValue, newException, throwApex } from './run/exceptions.js';
import { freezeInstance, freezeValue, thawInstance, thawValue } from './run/freeze.js';
import { invocableArguments, invocableResults, invocableVariables } from './run/inbound.js';
import { iterate } from './run/iteration.js';
import { Program } from './run/program.js';
import { Session } from './run/session.js';
import { runTriggers } from './run/triggers.js';
import type { ApexMethod } from './types/model.js';
import { sobjectType, UNKNOWN } from './types/type.js';
import { ApexList, type ApexObject, type Value } from './values/reference.js';

const QUIDDITY: Readonly<Record<Transaction['kind'], string>> = {
  synchronous: 'SYNCHRONOUS',
  queueable: 'QUEUEABLE',
  batch: 'BATCH_APEX',
  future: 'FUTURE',
  scheduled: 'SCHEDULED',
  platformEvent: 'SYNCHRONOUS',
  flowAsync: 'SYNCHRONOUS',
};

export class ApexRuntime implements ApexRuntimeContract {
  readonly program = new Program();
  private requests = 0;

  /** Compiles the project; throws `CompileFailure` with every fault. */
  constructor(
    sources: ApexSources,
    readonly ports: ApexPorts,
    private readonly queries: QueryCompiler,
  ) {
    const unit = this.unit();
    compileProject(unit, sources);
    this.program.resolveType = (name) => unit.resolve(name, null);
  }

  private unit(): CompileUnit {
    const { schema, namespace } = this.ports;
    return new CompileUnit(
      this.program,
      schema,
      this.queries,
      (name) => this.ports.label(name),
      namespace,
    );
  }

  /** The Apex side of a transaction. */
  session(tx: Transaction, quiddity?: string): Session {
    const session = Session.of(tx, () => {
      const id = `REQ${String(++this.requests).padStart(15, '0')}`;
      const kind = tx.isTest && tx.kind === 'synchronous' ? 'RUNTEST_SYNC' : QUIDDITY[tx.kind];
      return new Session(tx, this.program, this.ports, { id, quiddity: quiddity ?? kind });
    });
    if (quiddity) session.request = { ...session.request, quiddity };
    return session;
  }

  /** Runs anonymous Apex and returns its debug log lines. */
  runAnonymous(tx: Transaction, source: string): readonly string[] {
    const method = compileAnonymous(this.unit(), source);
    const session = this.session(tx, 'ANONYMOUS');
    session.enter(() => session.call(method, null, []));
    return session.log.map((entry) => entry.text);
  }

  runTriggers(
    tx: Transaction,
    timing: 'before' | 'after',
    operation: TriggerOperation,
    object: string,
    rows: readonly SaveRow[],
  ): void {
    runTriggers(this.session(tx), tx, timing, operation, object, rows);
  }

  // ------------------------------------------------------------ asynchronous work

  private asJob<T>(tx: Transaction, job: RunningJob, work: (session: Session) => T): T {
    const session = this.session(tx);
    session.marks.set(RUNNING_JOB, job);
    return session.enter(() => work(session));
  }

  runQueueable(tx: Transaction, job: FrozenInstance, jobId: string): void {
    this.asJob(tx, { id: jobId, kind: 'queueable' }, () => {
      invokeDynamic(thawInstance(this.program, job), 'execute', [
        new JobContext('QueueableContext', jobId),
      ]);
    });
  }

  runFinalizer(tx: Transaction, finalizer: FrozenInstance, outcome: JobOutcome): void {
    const session = this.session(tx, 'TRANSACTION_FINALIZER_QUEUEABLE');
    session.enter(() => {
      const failure = outcome.result === 'SUCCESS' ? null : this.failureOf(outcome);
      const context = new FinalizerContextValue(outcome.jobId, session.request.id, failure);
      invokeDynamic(thawInstance(this.program, finalizer), 'execute', [context]);
    });
  }

  private failureOf(outcome: JobOutcome): ExceptionValue {
    const name = outcome.exceptionType ?? '';
    const declared = this.program.find(name);
    const value = declared?.isException
      ? new ExceptionValue(declared)
      : newException(name.replace(/^System\./, ''), '');
    value.message = outcome.exceptionMessage;
    return value;
  }

  runFuture(tx: Transaction, call: FutureCall): void {
    this.asJob(tx, { id: '', kind: 'future' }, (session) => {
      const methods =
        this.program.find(call.className)?.methods.get(call.method.toLowerCase()) ?? [];
      const method = methods.find((m) => m.parameters.length === call.arguments.length);
      if (!method) throwApex('TypeException', `${call.className}.${call.method} no longer exists`);
      session.call(
        method,
        null,
        call.arguments.map((json) => thawValue(this.program, json)),
      );
    });
  }

  runSchedulable(tx: Transaction, job: FrozenInstance, cronTriggerId: string): void {
    this.asJob(tx, { id: cronTriggerId, kind: 'scheduled' }, () => {
      const context = new JobContext('SchedulableContext', cronTriggerId);
      invokeDynamic(thawInstance(this.program, job), 'execute', [context]);
    });
  }

  startBatch(
    tx: Transaction,
    job: FrozenInstance,
    jobId: string,
  ): { readonly job: FrozenInstance; readonly items: readonly Json[] } {
    return this.asJob(tx, { id: jobId, kind: 'batch' }, () => {
      const object = thawInstance(this.program, job);
      const scope = invokeDynamic(object, 'start', [
        new JobContext('Database.BatchableContext', jobId),
      ]);
      const items = scope instanceof QueryLocatorValue ? scope.rows.items : [...iterate(scope)];
      return { job: freezeInstance(object), items: items.map(freezeValue) };
    });
  }

  executeBatch(
    tx: Transaction,
    job: FrozenInstance,
    jobId: string,
    items: readonly Json[],
  ): FrozenInstance {
    return this.asJob(tx, { id: jobId, kind: 'batch' }, () => {
      const object = thawInstance(this.program, job);
      const scope = new ApexList(
        scopeType(object),
        items.map((item) => thawValue(this.program, item)),
      );
      invokeDynamic(object, 'execute', [new JobContext('Database.BatchableContext', jobId), scope]);
      return isStateful(object) ? freezeInstance(object) : job;
    });
  }

  finishBatch(tx: Transaction, job: FrozenInstance, jobId: string): void {
    this.asJob(tx, { id: jobId, kind: 'batch' }, () => {
      const object = thawInstance(this.program, job);
      invokeDynamic(object, 'finish', [new JobContext('Database.BatchableContext', jobId)]);
    });
  }

  // ------------------------------------------------------------ invocable methods

  private invocable(className: string): ApexMethod | null {
    const cls = this.program.find(className.replace(new RegExp(`^${this.ports.namespace}__`), ''));
    return cls ? annotatedMethod(cls, 'invocablemethod') : null;
  }

  describeInvocable(className: string): InvocableDescription | null {
    const method = this.invocable(className);
    if (!method) return null;
    const mark = method.annotation('invocablemethod')?.parameters;
    const input = method.parameters[0]?.type;
    return {
      className: method.owner.name,
      label: mark?.get('label') ?? method.name,
      isCallout: mark?.get('callout') === 'true',
      inputs: input ? invocableVariables(input, method) : [],
      outputs: method.returns.kind === 'void' ? [] : invocableVariables(method.returns, method),
    };
  }

  callInvocable(
    tx: Transaction,
    className: string,
    inputs: readonly InvocableValues[],
  ): readonly InvocableValues[] {
    const method = this.invocable(className);
    if (!method) throw new Error(`${className} has no invocable method`);
    const session = this.session(tx);
    return session.enter(() => {
      const answer: Value = session.call(method, null, invocableArguments(method, inputs));
      return invocableResults(method, answer, inputs.length);
    });
  }
}

function scopeType(object: ApexObject): ApexList['element'] {
  const batchable = object.declaration.allInterfaces().find((i) => i.base === 'database.batchable');
  return batchable?.args[0] ?? (batchable ? sobjectType('SObject') : UNKNOWN);
}

function isStateful(object: ApexObject): boolean {
  return object.declaration.allInterfaces().some((i) => i.base === 'database.stateful');
}
