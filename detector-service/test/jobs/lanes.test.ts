import { randomBytes } from 'node:crypto';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';

let running: RunningService;

beforeAll(async () => {
  running = await runService({ MEDIAGUARD_WORKERS: '1', MEDIAGUARD_INTERACTIVE_WORKERS: '1' });
});
afterAll(() => running.stop());

it('judges what somebody waits for while bulk work holds every other loop', async () => {
  const held: (() => void)[] = [];
  running.pipeline.script = async (media, context, signal) => {
    if (context.fileName === 'bulk.jpg') await new Promise<void>((done) => held.push(done));
    return clearOutcome(media, context, signal);
  };
  const send = async (fileName: string, headers: Record<string, string>) => {
    const context = Buffer.from(JSON.stringify({ fileName })).toString('base64url');
    const response = await running.send('/v1/verifications', {
      method: 'POST',
      body: randomBytes(50),
      headers: { 'Content-Type': 'image/jpeg', 'MediaGuard-Context': context, ...headers },
    });
    return (await response.json()) as VerificationResource;
  };
  const bulk = await Promise.all(
    Array.from({ length: 4 }, () => send('bulk.jpg', { Prefer: 'respond-async' })),
  );
  const urgent = await send('urgent.jpg', { Prefer: 'wait=10' });

  expect(urgent).toMatchObject({ status: 'complete' });
  // One child and one in passing; the loops for what is waited for took none.
  expect(held).toHaveLength(2);
  const find = async (id: string) =>
    (await running.send(`/v1/verifications/${id}`)).json() as Promise<VerificationResource>;
  const ended = async (): Promise<boolean> => {
    const standing = await Promise.all(bulk.map(({ id }) => find(id)));
    return standing.every(({ status }) => status === 'complete');
  };
  while (!(await ended())) for (const release of held.splice(0)) release();
  expect(running.pipeline.calls).toHaveLength(5);
});
