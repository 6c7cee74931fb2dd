import { readFile, readdir } from 'node:fs/promises';

/** What a process and all below it hold, read from /proc, so Linux only. */
export interface Holdings {
  /** Resident memory in MiB. Pages that processes share count for each. */
  readonly mebibytes: number;
  /** Open files, sockets and pipes. */
  readonly handles: number;
}

/** Process ids right below a process; none where it ended. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Process ids anywhere below a process. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid);
  const below = await Promise.all(children.map(descendantsOf));
  return [...children, ...below.flat()];
}

export async function holdingsOf(pid: number): Promise<Holdings> {
  const pids = [pid, ...(await descendantsOf(pid))];
  const each = await Promise.all(
    pids.map(async (one) => {
      const status = await readFile(`/proc/${one}/status`, 'utf8').catch(() => '');
      const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      const handles = await readdir(`/proc/${one}/fd`).catch(() => []);
      return { mebibytes: kibibytes / 1024, handles: handles.length };
    }),
  );
  return {
    mebibytes: each.reduce((sum, { mebibytes }) => sum + mebibytes, 0),
    handles: each.reduce((sum, { handles }) => sum + handles, 0),
  };
}
