import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program under load, on some of the machine's cores. */
export interface Program {
  readonly pid: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly cores: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
}

/** Keeps it on the first cores, so that a figure says how many it took. */
export function startProgram({ command, args, cores, environment, folder }: Start): Program {
  const list = Array.from({ length: cores }, (_, core) => core).join(',');
  const child = spawn('taskset', ['-c', list, command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    ...(folder && { cwd: folder }),
  });
  if (child.pid === undefined) {
    throw new Error(`Expected to start ${command} under taskset (util-linux) but could not.`);
  }
  return {
    pid: child.pid,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The first line of its output that fits; rejects where it ends before. */
export async function lineThatFits({ child }: Program, pattern: RegExp): Promise<RegExpExecArray> {
  if (!child.stdout) throw new Error('The program has no output.');
  for await (const line of createInterface(child.stdout)) {
    const found = pattern.exec(line);
    if (found) return found;
  }
  throw new Error(`The program ended before it wrote ${pattern.source}.`);
}

/** True where the program runs and ends well. */
export function runsWell(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
