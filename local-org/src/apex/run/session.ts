/** The Apex side of one transaction: call stack, statics, sharing mode and the CPU limit. */
import {
  PlatformError,
  type AccessMode,
  type LimitCounters,
  type Transaction,
} from '../../org/contracts.js';
import { SObjectRecord } from '../../values/values.js';
import type { ApexPorts, UserDetails } from '../ports.js';
import type { ApexClass, ApexMethod } from '../types/model.js';
import { Completion } from '../types/model.js';
import type { ApexObject, Value } from '../values/reference.js';
import { ApexLimitError, useTrace } from './exceptions.js';
import { Frame } from './frame.js';
import { objectOfId } from './key-prefix.js';
import type { Program } from './program.js';

const STACK_LIMIT = 1000;
const SYNCHRONOUS_CPU_MS = 10_000;
const ASYNCHRONOUS_CPU_MS = 60_000;
/** Loop rounds between two looks at the clock. */
const CLOCK_INTERVAL = 2_000;

const SESSION_KEY = Symbol('apex session');

/** One test runs at a time; the test runner clears this before each. */
export const sharedMarks = new Map<string, unknown>();

const NO_LIMITS: LimitCounters = {
  use: () => undefined,
  used: () => 0,
  maximum: () => Number.MAX_SAFE_INTEGER,
  startTest: () => undefined,
  stopTest: () => undefined,
};

interface Statics {
  readonly values: Value[];
}

/** Which request is running, for `Request.getCurrent()`. */
export interface RequestInfo {
  readonly id: string;
  readonly quiddity: string;
}

export class Session {
  private static active: Session | null = null;

  readonly stack: Frame[] = [];
  readonly log: { readonly level: string; readonly line: number; readonly text: string }[] = [];
  /** Mutable marks of library parts (HTTP mocks, RestContext, attached finalizer …), by owner. */
  readonly marks = new Map<string, unknown>();
  private readonly statics = new Map<ApexClass, Statics>();
  private ticks = 0;
  private cpuStart = performance.now();
  private cpuBudget: number;

  constructor(
    readonly tx: Transaction,
    readonly program: Program,
    readonly ports: ApexPorts,
    public request: RequestInfo,
  ) {
    this.cpuBudget = tx.kind === 'synchronous' ? SYNCHRONOUS_CPU_MS : ASYNCHRONOUS_CPU_MS;
  }

  /** Marks shared by a test and the jobs it runs (the HTTP mock). */
  get testMarks(): Map<string, unknown> {
    return sharedMarks;
  }

  /** The session of a transaction, made on first use. */
  static of(tx: Transaction, create: () => Session): Session {
    const known = tx.state.get(SESSION_KEY);
    if (known instanceof Session) return known;
    const session = create();
    tx.state.set(SESSION_KEY, session);
    return session;
  }

  /** The session whose code is running; library functions and operators ask here. */
  static get current(): Session {
    if (!Session.active) throw new Error('No Apex code is running');
    return Session.active;
  }

  static get isActive(): boolean {
    return Session.active !== null;
  }

  /** Runs work as this session's code, restoring the earlier session afterwards. */
  enter<T>(work: () => T): T {
    const earlier = Session.active;
    const outermost = this.stack.length === 0 && earlier !== this;
    if (outermost) this.cpuStart = performance.now() - this.cpuUsed;
    Session.active = this;
    try {
      return work();
    } finally {
      if (outermost) this.cpuUsed = performance.now() - this.cpuStart;
      Session.active = earlier;
    }
  }

  private cpuUsed = 0;

  get cpuMs(): number {
    return Math.round(performance.now() - this.cpuStart);
  }

  get cpuLimitMs(): number {
    return this.cpuBudget;
  }

  /** `Test.startTest()` and `stopTest()` begin a new count. */
  resetCpu(): void {
    this.cpuStart = performance.now();
    this.cpuUsed = 0;
  }

  /** Time the code spent waiting for a callout is no CPU time. */
  excludeFromCpu(ms: number): void {
    this.cpuStart += ms;
  }

  /** Counts a loop round or a call, and ends code that runs too long. */
  tick(): void {
    if (++this.ticks < CLOCK_INTERVAL) return;
    this.ticks = 0;
    if (this.cpuMs > this.cpuBudget) {
      throw this.limitError('Apex CPU time limit exceeded');
    }
  }

  limitError(message: string): ApexLimitError {
    const error = new ApexLimitError(message);
    error.trace = this.trace();
    return error;
  }

  get user(): UserDetails {
    return this.ports.users.running(this.tx);
  }

  /** A bare record that stands for an id, as `Database.delete(ids)` needs it. */
  recordOfId(id: string): SObjectRecord {
    const record = new SObjectRecord(objectOfId(id));
    record.set('Id', id);
    return record;
  }

  /** The same transaction for work that costs no governor limit. */
  unlimited(): Transaction {
    const limits: LimitCounters = { ...NO_LIMITS };
    return Object.create(this.tx, { limits: { value: limits } }) as Transaction;
  }

  /** A line of `System.debug`. */
  debug(level: string, text: string): void {
    const frame = this.stack[this.stack.length - 1];
    this.log.push({ level, line: frame?.line ?? 0, text });
  }

  /** Calls a method with arguments already converted to its parameter types. */
  call(method: ApexMethod, self: ApexObject | null, args: readonly Value[]): Value {
    if (method.native) return method.native(self, args);
    const body = method.run;
    if (!body) throw new Error(`${method.owner.name}.${method.name} has no body`);
    if (method.isStatic) this.initialise(method.owner);
    if (this.stack.length >= STACK_LIMIT) {
      throw this.limitError(`Maximum stack depth reached: ${STACK_LIMIT + 1}`);
    }
    this.tick();
    const frame = new Frame(this, method, self);
    for (let i = 0; i < args.length; i++) frame.locals[i] = args[i] ?? null;
    this.stack.push(frame);
    try {
      return body(frame) === Completion.Return ? frame.result : null;
    } catch (error) {
      throw this.withPlace(error);
    } finally {
      this.stack.pop();
    }
  }

  /** A limit passed in another part of the org, with the Apex place where it happened. */
  private withPlace(error: unknown): unknown {
    if (error instanceof RangeError) return this.limitError('Maximum stack depth reached');
    const isLimit = error instanceof PlatformError && error.exceptionType === 'LimitException';
    return isLimit ? this.limitError(error.message) : error;
  }

  /** Static values of a class; its static initialisers run on first use. */
  initialise(cls: ApexClass): Value[] {
    const known = this.statics.get(cls);
    if (known) return known.values;
    const statics = { values: new Array<Value>(cls.staticSlots).fill(null) };
    this.statics.set(cls, statics);
    if (cls.superclass) this.initialise(cls.superclass);
    if (cls.outer) this.initialise(cls.outer);
    this.runStaticInit(cls, statics.values);
    return statics.values;
  }

  private runStaticInit(cls: ApexClass, values: Value[]): void {
    const frame = new Frame(this, this.program.initialiser(cls, cls.staticInit), null);
    this.stack.push(frame);
    try {
      for (const step of cls.staticInit) {
        if ('block' in step) this.call(step.block, null, []);
        else values[step.field.slot] = step.value(frame);
      }
    } finally {
      this.stack.pop();
    }
  }

  /** Statics go back to their initial state, as between two transactions. */
  forgetStatics(): void {
    this.statics.clear();
  }

  /** Sharing of the running code: the innermost class that declares it decides. */
  get enforcesSharing(): boolean {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const sharing = this.stack[i]?.method.owner.sharing;
      if (sharing === 'with') return true;
      if (sharing === 'without') return false;
      if (sharing === 'inherited' && i === 0) return true;
    }
    return this.marks.get('entrySharing') === true;
  }

  /** Access of a query or save without a declared mode. */
  get defaultAccess(): AccessMode {
    return { mode: 'system', sharing: this.enforcesSharing };
  }

  access(mode: 'user' | 'system'): AccessMode {
    return mode === 'user' ? { mode, sharing: true } : { mode, sharing: this.enforcesSharing };
  }

  /** Innermost call first: `Class.Name.method: line 3, column 1`. */
  trace(): string[] {
    const lines: string[] = [];
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const frame = this.stack[i];
      if (frame) lines.push(placeOf(frame));
    }
    return lines;
  }
}

function placeOf(frame: Frame): string {
  const { owner, name } = frame.method;
  const at = `line ${frame.line}, column 1`;
  if (owner.kind === 'anonymous') return `AnonymousBlock: ${at}`;
  if (owner.kind === 'trigger') return `Trigger.${owner.name}: ${at}`;
  return `Class.${owner.name}.${name}: ${at}`;
}

useTrace(() => {
  if (!Session.isActive) return { trace: [], line: 0 };
  const { stack } = Session.current;
  return { trace: Session.current.trace(), line: stack[stack.length - 1]?.line ?? 0 };
});
