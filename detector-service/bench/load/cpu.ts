import { readFile } from 'node:fs/promises';

import { childrenOf } from '../process-tree.js';

/** Milliseconds of one tick of /proc; Linux has used 100 a second for decades. */
const TICK_MS = 10;

/** CPU time of a process since it began, in milliseconds, and of everything below it. */
export interface CpuTime {
  readonly own: number;
  readonly children: number;
}

/** Reads /proc, so Linux only. Children that ended count once their parent has waited for them. */
export async function cpuTimeOf(pid: number): Promise<CpuTime> {
  const { own, ended } = await times(pid);
  const below = await Promise.all((await childrenOf(pid)).map(cpuTimeOf));
  const living = below.reduce((sum, time) => sum + time.own + time.children, 0);
  return { own, children: ended + living };
}

export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  return { own: after.own - before.own, children: after.children - before.children };
}

async function times(pid: number): Promise<{ own: number; ended: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in brackets may hold anything; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields
    .slice(11, 15)
    .map((ticks) => Number(ticks) * TICK_MS);
  return { own: user + system, ended: endedUser + endedSystem };
}
