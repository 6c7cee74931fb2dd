/** Asynchronous work: `System.enqueueJob`, `schedule`, `scheduleBatch`, finalizers and their contexts. */
import { freezeInstance } from '../run/freeze.js';
import { isInstance } from '../values/coerce.js';
import { throwApex } from '../run/exceptions.js';
import type { Session } from '../run/session.js';
import { ApexType } from '../types/type.js';
import { NativeObject, PropertyBag, type ApexObject, type Value } from '../values/reference.js';
import { asObject, instance, narrow, type Call } from './call.js';
import { libraryEnum } from './enums.js';
import { defineType } from './registry.js';

export const RUNNING_JOB = 'runningJob';

/** Marks of the job that is running. */
export interface RunningJob {
  readonly id: string;
  readonly kind: 'queueable' | 'batch' | 'future' | 'scheduled';
}

export function runningJob(session: Session): RunningJob | null {
  return (session.marks.get(RUNNING_JOB) as RunningJob | undefined) ?? null;
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

const option = (
  name: string,
): { get: (self: AsyncOptions) => Value; set: (self: AsyncOptions, v: Value) => void } => ({
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
  const options =
    c.value(1) instanceof AsyncOptions ? narrow(c.value(1), AsyncOptions, 'AsyncOptions') : null;
  const depth = options?.get('maximumQueueableStackDepth');
  const delay = options ? options.get('minimumQueueableDelayInMinutes') : c.value(1);
  return session.tx.org.jobs.enqueue(session.tx, freezeInstance(job), {
    ...(typeof delay === 'number' ? { delayMinutes: delay } : {}),
    ...(typeof depth === 'number' ? { maximumDepth: depth } : {}),
  });
}

export function enqueueBatch(session: Session, value: Value, scope: number): string {
  const job = implementer(value, 'Database.Batchable');
  return session.tx.org.jobs.executeBatch(session.tx, freezeInstance(job), scope);
}

function schedule(c: Call): Value {
  const job = implementer(c.value(2), 'Schedulable');
  return c.session.tx.org.jobs.schedule(c.session.tx, c.text(0), c.text(1), freezeInstance(job));
}

export const jobStatics: Readonly<Record<string, (call: Call) => Value>> = {
  'Id enqueueJob(Object job, Object options?)': enqueue,
  'Id schedule(String name, String cron, Object job)': schedule,
  'void abortJob(Id id)': (c) => {
    c.session.tx.org.jobs.abort(c.session.tx, c.text(0));
    return null;
  },
  'void attachFinalizer(Object finalizer)': (c) => {
    const finalizer = implementer(c.value(0), 'Finalizer');
    c.session.tx.org.jobs.attachFinalizer(c.session.tx, freezeInstance(finalizer));
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
    methods: Object.fromEntries(
      getters.map((getter) => [`Id ${getter}()`, (self: JobContext) => self.id]),
    ),
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
    'ParentJobResult getResult()': (self) =>
      libraryEnum('ParentJobResult', self.failure ? 'UNHANDLED_EXCEPTION' : 'SUCCESS'),
    'Exception getException()': (self) => self.failure,
  },
});
