import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { V8_FLAGS } from '../../src/inference/child-process.js';

/** Has a module of this folder answer one message, in a process with the settings of the service's children. */
export async function askChild<Answer>(module: string, message: object): Promise<Answer> {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: [...V8_FLAGS, '--import', 'tsx'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected an answer of ${module} but it ended with code ${String(code)}.`);
  });
  child.send(message);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer];
  ended.catch(() => undefined);
  child.kill();
  return answer;
}
