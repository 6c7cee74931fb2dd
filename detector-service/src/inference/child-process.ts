/** Starts the process of a child. */
import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Pictures come and go as large arrays, so V8 collects garbage all the time. Doing it bit by bit and on more threads keeps a page responsive; here it takes
 * the cores of the other children and a quarter more CPU, and nobody minds a pause. Room for what is young spares another 2 %.
 */
export const V8_FLAGS = [
  '--max-old-space-size=1024',
  '--single-threaded-gc',
  '--no-incremental-marking',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
];

/**
 * @param entry TypeScript source runs through tsx
 * @param niceness 0, or up to 19 to yield to other processes; threads and programs that the child starts inherit it
 */
export function startChild(entry: URL, niceness: number): ChildProcess {
  const child = fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    execArgv: [...V8_FLAGS, ...loaderFor(entry)],
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (niceness > 0 && child.pid !== undefined) yieldToOthers(child.pid, niceness);
  return child;
}

/** A system that will not have it runs the child as it is. */
function yieldToOthers(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    return;
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
