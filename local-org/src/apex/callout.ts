/**
 * HTTP for Apex, which waits for its answer: a worker thread does the request while this thread sleeps on a shared
 * flag. One worker serves the whole process.
 */
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import { PlatformError } from '../org/contracts.js';

export interface CalloutRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly timeoutMs: number;
}

export interface CalloutResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The longest body an answer may have, as on the platform (12 MB asynchronous limit). */
const MAXIMUM_BODY = 12 * 1024 * 1024;

const WORKER = `
const { workerData } = require('node:worker_threads');
const { port, flag } = workerData;
port.on('message', async ({ method, url, headers, body, timeoutMs, maximum }) => {
  let answer;
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    answer = bytes.length > maximum
      ? { error: 'Exceeded max size limit of ' + maximum + ' with response size ' + bytes.length }
      : { status: response.status, statusText: response.statusText, headers: [...response.headers], body: bytes };
  } catch (error) {
    const timedOut = error.name === 'TimeoutError';
    const cause = error.cause && error.cause.message ? error.cause.message : error.message;
    answer = { error: timedOut ? 'Read timed out' : cause };
  }
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;

interface Helper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly flag: Int32Array;
}

let helper: Helper | null = null;

function startHelper(): Helper {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: { port: port2, flag },
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  return { worker, port: port1, flag };
}

/** Ends the worker; the next callout starts a new one. */
export async function closeCallouts(): Promise<void> {
  const running = helper;
  helper = null;
  running?.port.close();
  await running?.worker.terminate();
}

type Answer =
  | { readonly error: string }
  | {
      readonly status: number;
      readonly statusText: string;
      readonly headers: readonly [string, string][];
      readonly body: Uint8Array;
    };

/** Sends the request and waits. A failure is a `CalloutException`. */
export function callOut(request: CalloutRequest): CalloutResponse {
  const { worker, port, flag } = (helper ??= startHelper());
  Atomics.store(flag, 0, 0);
  port.postMessage({
    ...request,
    body: request.body ? new Uint8Array(request.body) : undefined,
    maximum: MAXIMUM_BODY,
  });
  const grace = 5_000;
  Atomics.wait(flag, 0, 0, request.timeoutMs + grace);
  const received = receiveMessageOnPort(port);
  if (!received) {
    helper = null;
    void worker.terminate();
    throw new PlatformError('CALLOUT_FAILED', 'Read timed out', 'CalloutException');
  }
  const answer = received.message as Answer;
  if ('error' in answer)
    throw new PlatformError('CALLOUT_FAILED', answer.error, 'CalloutException');
  return { ...answer, body: Buffer.from(answer.body) };
}
