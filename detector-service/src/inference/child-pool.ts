import type { ChildProcess } from 'node:child_process';

import { MediaRefusedError } from '../verdict/types.js';
import { startChild } from './child-process.js';
import type { ChildMessage } from './child-server.js';
import { BusyTime, Deadline } from './deadline.js';
import { LaneLine, type PoolLane } from './lane-line.js';

/** The child died or was killed while it worked on a request; its successor is already starting. */
export class ChildFailure extends Error {
  constructor(
    readonly kind: 'crash' | 'deadline',
    message: string,
  ) {
    super(message);
    this.name = 'ChildFailure';
  }
}

export interface ChildPoolOptions {
  /** Module that calls `serveParent`. TypeScript source runs through tsx. */
  readonly entry: URL;
  readonly size: number;
  /**
   * Children besides these that only take interactive requests. Where there are any, the others run at a lower priority, so that bulk work under way does not
   * slow down what somebody waits for.
   *
   * @default 0
   */
  readonly reserved?: number;
  /**
   * Milliseconds for one request, counted from when a child takes it up, after which that child gets SIGKILL. While reserved children work the clock of the
   * others stands still, until three times the time is up.
   */
  readonly deadlineMs: number;
  /**
   * Resident memory with which a child that ends a request is replaced: what leaks or fragments must not add up.
   *
   * @default 1 GiB
   */
  readonly maxResidentBytes?: number;
  /** Sent to each child as its first message. */
  readonly setup: unknown;
  /** Told of each child that had to be replaced. */
  readonly onReplaced?: (reason: Replacement) => void;
}

/** Why a child was replaced: it died, ran out of time, or grew too large. */
export type Replacement = 'crash' | 'deadline' | 'memory';

interface Task {
  readonly request: unknown;
  readonly lane: PoolLane;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * What a child takes: anything, or only what somebody waits for. The latter is kept free for it, since a child that has begun with bulk work finishes it.
 */
type ChildKind = 'shared' | 'reserved';

interface Slot {
  readonly kind: ChildKind;
  child: ChildProcess;
  isReady: boolean;
  /** Why it was killed, while it is not gone yet: it must not be handed another file. */
  dying: Replacement | null;
  task: Task | null;
  deadline: Deadline | null;
  timer: NodeJS.Timeout | null;
  /** Starts in a row that never became ready. */
  failedStarts: number;
}

/** Starts in a row that may fail before callers are told; from then on each waits longer than the one before. */
const MAX_FAILED_STARTS = 3;
const RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
const START_MS = 60_000;
/** Of shared children where there are reserved ones: those then get about nine times as much of a core that both want. */
const SHARED_NICENESS = 10;
const MAX_RESIDENT_BYTES = 1024 ** 3;

/**
 * Child processes that take one request at a time. Decoders and models meet hostile bytes in them: a crash, a hang or a leak costs one child,
 * which is replaced, and never the server. Worker threads would not do, since native code that aborts takes every thread along.
 */
export class ChildPool {
  private readonly slots: Slot[] = [];
  private readonly waiting = new LaneLine<Task>();
  private readonly reservedWork = new BusyTime();
  private isClosed = false;
  /** How the last child ended, in words. */
  private lastEnd = '';

  constructor(private readonly options: ChildPoolOptions) {
    // Reserved ones are asked first: what they take leaves the shared ones to those who have no other.
    for (let i = 0; i < (options.reserved ?? 0); i += 1) this.open('reserved');
    for (let i = 0; i < options.size; i += 1) this.open('shared');
  }

  /** Process ids of the living children, for diagnosis. */
  get pids(): readonly number[] {
    return this.slots.flatMap(({ child }) => child.pid ?? []);
  }

  /**
   * Has a child answer a request. An aborted request is forgotten at once; a child already at work on it finishes or meets its deadline.
   *
   * @throws ChildFailure, MediaRefusedError as the child refused, or Error as the child failed
   */
  run(request: unknown, signal: AbortSignal, lane: PoolLane = 'interactive'): Promise<unknown> {
    signal.throwIfAborted();
    if (this.isClosed) return Promise.reject(new Error('The child pool is closed.'));
    if (this.isFailing) return Promise.reject(this.startFailure());
    return new Promise((resolve, reject) => {
      const task: Task = {
        request,
        lane,
        resolve: (reply) => {
          signal.removeEventListener('abort', abort);
          resolve(reply);
        },
        reject: (error) => {
          signal.removeEventListener('abort', abort);
          reject(error);
        },
      };
      const abort = (): void => {
        this.waiting.remove(task);
        reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.add(task, lane);
      this.dispatch();
      this.holdProcess();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { timer } of this.slots) if (timer) clearTimeout(timer);
    for (const task of this.waiting.clear()) task.reject(new Error('The child pool is closed.'));
    await Promise.all(
      this.slots.map((slot) => {
        const { child } = slot;
        if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
        child.ref();
        const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        child.kill('SIGKILL');
        return gone;
      }),
    );
  }

  private open(kind: ChildKind): void {
    const slot: Slot = {
      kind,
      child: this.fork(kind),
      isReady: false,
      dying: null,
      task: null,
      deadline: null,
      timer: null,
      failedStarts: 0,
    };
    this.slots.push(slot);
    this.adopt(slot);
  }

  private fork(kind: ChildKind): ChildProcess {
    const yields = kind === 'shared' && (this.options.reserved ?? 0) > 0;
    return startChild(this.options.entry, yields ? SHARED_NICENESS : 0);
  }

  private adopt(slot: Slot): void {
    const { child } = slot;
    slot.isReady = false;
    slot.dying = null;
    slot.timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
    slot.timer.unref();
    this.holdProcess();
    child.on('message', (message: ChildMessage) => this.receive(slot, message));
    child.on('error', () => child.kill('SIGKILL'));
    child.once('exit', (code, signal) => this.replace(slot, code, signal));
    child.send({ setup: this.options.setup }, () => undefined);
  }

  private receive(slot: Slot, message: ChildMessage): void {
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = null;
    if (message.kind === 'ready') {
      slot.isReady = true;
      slot.failedStarts = 0;
    } else {
      const task = this.takeBack(slot);
      if (message.kind === 'reply') task?.resolve(message.reply);
      else if (message.kind === 'refused')
        task?.reject(new MediaRefusedError(message.code, message.message));
      else task?.reject(new Error(message.message));
      const { maxResidentBytes = MAX_RESIDENT_BYTES } = this.options;
      if (message.residentBytes > maxResidentBytes) this.kill(slot, 'memory');
    }
    this.dispatch();
    this.holdProcess();
  }

  private dispatch(): void {
    for (const slot of this.slots) {
      if (!slot.isReady || slot.dying || slot.task) continue;
      // Reserved children are for when the others are busy with bulk work, not for more interactive work at the same time.
      const interactive = this.slots.filter(({ task }) => task?.lane === 'interactive').length;
      const task = this.waiting.next({
        interactive: interactive < this.options.size,
        bulk: slot.kind === 'shared',
      });
      if (task) this.give(slot, task);
    }
  }

  private give(slot: Slot, task: Task): void {
    slot.task = task;
    if (slot.kind === 'reserved') this.reservedWork.begin();
    slot.deadline = new Deadline(
      this.options.deadlineMs,
      slot.kind === 'shared' ? this.reservedWork : null,
    );
    this.watch(slot, slot.deadline);
    slot.child.send({ request: task.request }, () => undefined);
  }

  private takeBack(slot: Slot): Task | null {
    const { task } = slot;
    if (task && slot.kind === 'reserved') this.reservedWork.end();
    slot.task = null;
    slot.deadline = null;
    return task;
  }

  private watch(slot: Slot, deadline: Deadline): void {
    slot.timer = setTimeout(() => {
      if (deadline.leftMs > 0) this.watch(slot, deadline);
      else this.expire(slot);
    }, deadline.leftMs);
  }

  /** A waiting caller keeps the process alive; an idle pool does not. */
  private holdProcess(): void {
    const isBusy = this.waiting.length > 0 || this.slots.some(({ task }) => task !== null);
    for (const { child } of this.slots) {
      if (isBusy) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    }
  }

  private expire(slot: Slot): void {
    const task = this.takeBack(slot);
    this.kill(slot, 'deadline');
    task?.reject(
      new ChildFailure(
        'deadline',
        `No answer within ${this.options.deadlineMs} ms; the child was killed.`,
      ),
    );
  }

  private kill(slot: Slot, reason: Replacement): void {
    slot.dying = reason;
    slot.child.kill('SIGKILL');
  }

  private replace(slot: Slot, code: number | null, signal: string | null): void {
    if (slot.timer) clearTimeout(slot.timer);
    const task = this.takeBack(slot);
    this.lastEnd = signal ?? `code ${code}`;
    task?.reject(new ChildFailure('crash', `The child ended with ${this.lastEnd}.`));
    if (this.isClosed) return;
    this.options.onReplaced?.(slot.dying ?? 'crash');
    if (!slot.isReady) slot.failedStarts += 1;
    slot.isReady = false;
    if (slot.failedStarts < MAX_FAILED_STARTS) {
      this.restart(slot);
      return;
    }
    // What keeps children from starting (a full disk, no memory) may pass, so trying never ends.
    const tries = slot.failedStarts - MAX_FAILED_STARTS;
    slot.timer = setTimeout(
      () => this.restart(slot),
      Math.min(MAX_RESTART_MS, RESTART_MS * 2 ** tries),
    );
    slot.timer.unref();
    if (!this.isFailing) return;
    for (const waiting of this.waiting.clear()) waiting.reject(this.startFailure());
  }

  private restart(slot: Slot): void {
    if (this.isClosed) return;
    slot.child = this.fork(slot.kind);
    this.adopt(slot);
  }

  /** No child has come up for a while: whoever asks is told at once instead of waiting. */
  private get isFailing(): boolean {
    return (
      this.slots.length > 0 &&
      this.slots.every(({ failedStarts }) => failedStarts >= MAX_FAILED_STARTS)
    );
  }

  private startFailure(): Error {
    return new Error(
      `Expected child processes of ${this.options.entry.pathname} to start but ${MAX_FAILED_STARTS} in a row ended with ${this.lastEnd}; see their standard error. They are started again and again.`,
    );
  }
}
