import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../free-port.js';
import { runsWell, startProgram } from './program.js';
import type { Judge } from './service.js';

const PYTHON = '/usr/bin/python3';
const FOLDER = fileURLToPath(new URL('../peer', import.meta.url));
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const START_MS = 120_000;

/** What the peer cannot run without, in words; null where all of it is there. */
export function missingForPeer(): string | null {
  const isThere = runsWell(PYTHON, ['-c', 'import fastapi, uvicorn, torch, onnx, PIL']);
  return isThere
    ? null
    : `Not compared with FastAPI and torch: ${PYTHON} lacks some of Debian's python3-fastapi, python3-uvicorn, python3-torch, python3-onnx and python3-pil.`;
}

/** FastAPI and torch around the same networks, one worker process a core. */
export async function startPeer(cores: number): Promise<Judge> {
  const port = await freePort();
  const program = startProgram({
    command: PYTHON,
    args: [
      ...['-m', 'uvicorn', 'service:app', '--workers', String(cores)],
      ...['--port', String(port), '--log-level', 'error'],
    ],
    cores,
    folder: FOLDER,
    environment: { MODELS, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const address = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(`${address}/healthz`))) {
    if (Date.now() > deadline || program.child.exitCode !== null) {
      await program.stop();
      throw new Error(`Expected ${FOLDER}/service.py to listen but it did not; see its output.`);
    }
    await sleep(250);
  }
  return {
    address,
    path: '/judge',
    headers: { 'Content-Type': 'image/jpeg' },
    pid: program.pid,
    judged: () => Promise.resolve(null),
    idle: () => Promise.resolve(),
    stop: () => program.stop(),
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
