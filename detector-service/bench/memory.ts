import { readFileSync } from 'node:fs';

/** Resident bytes of this process and of the largest of its children; 0 where the system does not tell (only Linux does). */
export function residentBytes(): { readonly own: number; readonly largestChild: number } {
  const children = read(`/proc/self/task/${process.pid}/children`).trim().split(/\s+/);
  return {
    own: process.memoryUsage.rss(),
    largestChild: Math.max(0, ...children.map(residentOf)),
  };
}

function residentOf(pid: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
