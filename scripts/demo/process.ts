import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

import { root } from '../lib/command.js';

const READY_POLL_MS = 150;
const STOP_GRACE_MS = 20_000;

export interface ProcessOptions {
  /** For messages. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Answers 200 once the process is ready for work. */
  readonly readyUrl: string;
  readonly readyWithinMs: number;
}

/** A Node.js program of ours that runs beside this one. */
export class ManagedProcess {
  private output = '';
  private exited = false;

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer): void => {
      // Enough to explain a failed start, not a log.
      this.output = (this.output + chunk.toString('utf8')).slice(-8_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('exit', () => {
      this.exited = true;
    });
  }

  /** Starts the program and waits until it is ready; fails with its last output when it ends before. */
  static async start(options: ProcessOptions): Promise<ManagedProcess> {
    const child = spawn(process.execPath, [...options.args], {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const managed = new ManagedProcess(child);
    const deadline = Date.now() + options.readyWithinMs;
    while (!(await answers(options.readyUrl))) {
      if (managed.exited) throw new Error(`${options.name} ended at start:\n${managed.output}`);
      if (Date.now() > deadline) {
        await managed.stop();
        throw new Error(
          `${options.name} was not ready within ${options.readyWithinMs / 1000} s:\n${managed.output}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
    return managed;
  }

  /** What it printed last. */
  get recentOutput(): string {
    return this.output;
  }

  onExit(listener: () => void): void {
    this.child.once('exit', listener);
  }

  /** Asks it to stop and waits; kills it when it does not. */
  async stop(): Promise<void> {
    if (this.exited) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(timer);
  }

  /** Sends a signal to the processes that it started itself. */
  signalChildren(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const pid of childrenOf(this.child.pid ?? 0)) process.kill(pid, signal);
  }

  /** `kill -9`, as a power cut to this one process. */
  async kill(): Promise<void> {
    if (this.exited) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Processes right below one of this machine. */
function childrenOf(pid: number): number[] {
  const list =
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return list.split(/\s+/).filter(Boolean).map(Number);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** The wanted port when it is free on the loopback address, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}
