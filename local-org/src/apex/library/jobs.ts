/** Asynchronous work: `System.enqueueJob`, `schedule`, `scheduleBatch`, finalizers and their contexts. */
import { isInstance } from '../values/coerce.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { ApexType } from '../types/type.js';
import { ApexObject, NativeObject, PropertyBag, type Value } from '../values/reference.js';
import { asObject, instance, narrow, type Call } from './call.js';
import { libraryEnum } from './enums.js';
import { defineType } from './registry.js';

const FINALIZER = 'finalizer';
export const RUNNING_JOB = 'runningJob';

/** Marks of the job that is running. */
export interface RunningJob {
  readonly id: string;
  readonly kind: 'queueable' | 'batch' | 'future' | 'scheduled' | 'finalizer';
  /** Place in the chain of queueables, 1 for the first. */
  readonly depth: number;
  readonly maximumDepth: number | null;
}

export function runningJob(session: Session): RunningJob | null {
  return (session.marks.get(RUNNING_JOB) as RunningJob | undefined) ?? null;
}

/** The finalizer the running queueable attached, if any. */
export function attachedFinalizer(session: Session): ApexObject | null {
  const value = session.marks.get(FINALIZER);
  return value instanceof ApexObject ? value : null;
}

export function implementer(value: Value, name: string): ApexObject {
  const object = asObject(value);
  if (!isInstance(object, new ApexType(name, 'library'))) {
    throwApex('TypeException', `Class ${object.declaration.name} must implement ${name}`);
  }
  return object;
}

class AsyncOptions extends PropertyBag {
  constructor() {
    super('AsyncOptions');
  }
}

const option = (name: string): { get: (self: AsyncOptions) => Value; set: (self: AsyncOptions, v: Value) => void } => ({
  get: (self) => self.get(name),
  set: (self, v) => self.set(name, v),
});

defineType<AsyncOptions>({
  name: 'AsyncOptions',
  self: instance(AsyncOptions, 'AsyncOptions'),
  constructors: { '()': () => new AsyncOptions() },
  properties: {
    'Integer MaximumQueueableStackDepth': option('maximumQueueableStackDepth'),
    'Integer MinimumQueueableDelayInMinutes': option('minimumQueueableDelayInMinutes'),
  },
});

function enqueue(c: Call): Value {
  const { session } = c;
  const job = implementer(c.value(0), 'Queueable');
  const options = c.value(1) instanceof AsyncOptions ? narrow(c.value(1), AsyncOptions, 'AsyncOptions') : null;
  const running = runningJob(session);
  const depth = running?.kind === 'queueable' ? running.depth + 1 : 1;
  const chosen = options?.get('maximumQueueableStackDepth');
  const maximumDepth = typeof chosen === 'number' ? chosen : (running?.maximumDepth ?? null);
  if (maximumDepth !== null && depth > maximumDepth) {
    throwApex('AsyncException', 'Maximum stack depth has been reached.');
  }
  const delay = options ? options.get('minimumQueueableDelayInMinutes') : c.value(1);
  session.tx.limits.use('queueableJobs');
  session.tx.hasUncommittedWork = true;
  return session.ports.jobs.enqueue(session.tx, {
    kind: 'queueable',
    className: job.declaration.name,
    job,
    delayMinutes: typeof delay === 'number' ? delay : 0,
    depth,
    maximumDepth,
  });
}

export function enqueueBatch(session: Session, value: Value, scope: number): string {
  const job = implementer(value, 'Database.Batchable');
  if (scope < 1 || scope > 2000) throwApex('AsyncException', `Invalid batch size: ${scope}`);
  session.tx.hasUncommittedWork = true;
  return session.ports.jobs.enqueue(session.tx, { kind: 'batch', className: job.declaration.name, job, scope });
}

function schedule(c: Call): Value {
  const job = implementer(c.value(2), 'Schedulable');
  const work = { kind: 'scheduled', className: job.declaration.name, job, name: c.text(0), cron: c.text(1), batch: null } as const;
  return c.session.ports.jobs.enqueue(c.session.tx, work);
}

function scheduleBatch(c: Call): Value {
  const job = implementer(c.value(0), 'Database.Batchable');
  const at = new Date(c.session.tx.now() + c.integer(2) * 60_000);
  const cron = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} ? ${at.getUTCFullYear()}`;
  const batch = { job, scope: c.count > 3 ? c.integer(3) : 200 };
  return c.session.ports.jobs.enqueue(c.session.tx, {
    kind: 'scheduled',
    className: job.declaration.name,
    job,
    name: c.text(1),
    cron,
    batch,
  });
}

export const jobStatics: Readonly<Record<string, (call: Call) => Value>> = {
  'Id enqueueJob(Object job, Object options?)': enqueue,
  'Id schedule(String name, String cron, Object job)': schedule,
  'Id scheduleBatch(Object job, String name, Integer minutes, Integer scope?)': scheduleBatch,
  'void abortJob(Id id)': (c) => {
    if (!c.session.ports.jobs.abort(c.session.tx, c.text(0))) {
      throwApex('AsyncException', `Job does not exist or is already aborted or completed: ${c.text(0)}`);
    }
    return null;
  },
  'void attachFinalizer(Object finalizer)': (c) => {
    const { session } = c;
    if (runningJob(session)?.kind !== 'queueable') {
      throwApex('HandledException', 'System.attachFinalizer can only be used in a queueable job');
    }
    if (attachedFinalizer(session)) {
      throwApex('HandledException', 'More than one Finalizer cannot be attached to same Async Apex Job');
    }
    session.marks.set(FINALIZER, implementer(c.value(0), 'Finalizer'));
    return null;
  },
  'Boolean isQueueable()': (c) => runningJob(c.session)?.kind === 'queueable',
  'Boolean isBatch()': (c) => runningJob(c.session)?.kind === 'batch',
  'Boolean isFuture()': (c) => runningJob(c.session)?.kind === 'future',
  'Boolean isScheduled()': (c) => runningJob(c.session)?.kind === 'scheduled',
};

/** `QueueableContext`, `SchedulableContext` and `Database.BatchableContext`. */
export class JobContext extends NativeObject {
  constructor(
    type: string,
    readonly id: string,
  ) {
    super(type);
  }
}

for (const [name, getters] of [
  ['QueueableContext', ['getJobId']],
  ['SchedulableContext', ['getTriggerId']],
  ['Database.BatchableContext', ['getJobId', 'getChildJobId']],
] as const) {
  defineType<JobContext>({
    name,
    self: instance(JobContext, name),
    isInterface: true,
    methods: Object.fromEntries(getters.map((getter) => [`Id ${getter}()`, (self: JobContext) => self.id])),
  });
}

export class FinalizerContextValue extends NativeObject {
  constructor(
    readonly jobId: string,
    readonly requestId: string,
    readonly failure: ApexObject | null,
  ) {
    super('FinalizerContext');
  }
}

defineType<FinalizerContextValue>({
  name: 'FinalizerContext',
  self: instance(FinalizerContextValue, 'FinalizerContext'),
  isInterface: true,
  methods: {
    'Id getAsyncApexJobId()': (self) => self.jobId,
    'String getRequestId()': (self) => self.requestId,
    'ParentJobResult getResult()': (self) => libraryEnum('ParentJobResult', self.failure ? 'UNHANDLED_EXCEPTION' : 'SUCCESS'),
    'Exception getException()': (self) => self.failure,
  },
});

defineType({
  name: 'AsyncInfo',
  statics: {
    'Integer getCurrentQueueableStackDepth()': (c) => runningJob(c.session)?.depth ?? 0,
    'Integer getMaximumQueueableStackDepth()': (c) => runningJob(c.session)?.maximumDepth ?? null,
    'Boolean hasMaxStackDepth()': (c) => runningJob(c.session)?.maximumDepth != null,
    'Integer getMinimumQueueableDelayInMinutes()': () => 0,
  },
});

