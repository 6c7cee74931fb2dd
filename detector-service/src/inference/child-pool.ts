import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { MediaRefusedError } from '../verdict/types.js';
import type { ChildMessage } from './child-server.js';

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
  /** Milliseconds for one request, counted from when a child takes it up, after which that child gets SIGKILL. */
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
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Slot {
  child: ChildProcess;
  isReady: boolean;
  /** Why it was killed, while it is not gone yet: it must not be handed another file. */
  dying: Replacement | null;
  task: Task | null;
  timer: NodeJS.Timeout | null;
  /** Starts in a row that never became ready. */
  failedStarts: number;
}

/** Starts in a row that may fail before callers are told; from then on each waits longer than the one before. */
const MAX_FAILED_STARTS = 3;
const RESTART_MS = 1_000;
const MAX_RESTART_MS = 30_000;
const START_MS = 60_000;
/**
 * Pictures come and go as large arrays, so V8 collects garbage all the time. Doing it bit by bit and on more threads keeps a page responsive; here it takes
 * the cores of the other children and a quarter more CPU, and nobody minds a pause.
 */
export const V8_FLAGS = [
  '--max-old-space-size=1024',
  '--single-threaded-gc',
  '--no-incremental-marking',
];
const MAX_RESIDENT_BYTES = 1024 ** 3;

/**
 * Child processes that take one request at a time. Decoders and models meet hostile bytes in them: a crash, a hang or a leak costs one child,
 * which is replaced, and never the server. Worker threads would not do, since native code that aborts takes every thread along.
 */
export class ChildPool {
  private readonly slots: Slot[] = [];
  private readonly waiting: Task[] = [];
  private isClosed = false;
  /** How the last child ended, in words. */
  private lastEnd = '';

  constructor(private readonly options: ChildPoolOptions) {
    for (let i = 0; i < options.size; i += 1) {
      const slot: Slot = {
        child: this.fork(),
        isReady: false,
        dying: null,
        task: null,
        timer: null,
        failedStarts: 0,
      };
      this.slots.push(slot);
      this.adopt(slot);
    }
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
  run(request: unknown, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.isClosed) return Promise.reject(new Error('The child pool is closed.'));
    if (this.isFailing) return Promise.reject(this.startFailure());
    return new Promise((resolve, reject) => {
      const task: Task = {
        request,
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
        const at = this.waiting.indexOf(task);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(task);
      this.dispatch();
      this.holdProcess();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const { timer } of this.slots) if (timer) clearTimeout(timer);
    for (const task of this.waiting.splice(0)) task.reject(new Error('The child pool is closed.'));
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

  private fork(): ChildProcess {
    return fork(fileURLToPath(this.options.entry), [], {
      serialization: 'advanced',
      execArgv: [...V8_FLAGS, ...loaderFor(this.options.entry)],
      env: childEnvironment(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
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
      const { task } = slot;
      slot.task = null;
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
      const task = this.waiting.shift();
      if (!task) return;
      slot.task = task;
      slot.timer = setTimeout(() => this.expire(slot), this.options.deadlineMs);
      slot.child.send({ request: task.request }, () => undefined);
    }
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
    const { task } = slot;
    slot.task = null;
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
    const { task } = slot;
    slot.task = null;
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
    for (const waiting of this.waiting.splice(0)) waiting.reject(this.startFailure());
  }

  private restart(slot: Slot): void {
    if (this.isClosed) return;
    slot.child = this.fork();
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

/** In a checkout the TypeScript source runs as it is, as `bin/mediaguard.js` does it. */
function loaderFor(entry: URL): string[] {
  if (!entry.pathname.endsWith('.ts')) return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

/** Children see no secrets: only what Node and the native libraries need. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LD_LIBRARY_PATH, SystemRoot } = process.env;
  return { PATH, HOME, TMPDIR, LD_LIBRARY_PATH, SystemRoot, OMP_NUM_THREADS: '1' };
}
