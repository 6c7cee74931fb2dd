import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { retryDelayMs } from '../../src/jobs/worker.js';
import { LeaseLostError } from '../../src/jobs/queue.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';

let running: RunningService;

beforeAll(async () => {
  running = await runService({
    MEDIAGUARD_MAX_ATTEMPTS: '3',
    MEDIAGUARD_WORKERS: '1',
    MEDIAGUARD_VERIFY_TIMEOUT_MS: '400',
  });
});
afterAll(() => running.stop());
beforeEach(() => {
  running.pipeline.script = clearOutcome;
  running.pipeline.calls.length = 0;
});

async function post(bytes: Buffer, key: string, prefer = 'wait=10'): Promise<VerificationResource> {
  const response = await running.send('/v1/verifications', {
    method: 'POST',
    body: bytes,
    headers: { 'Content-Type': 'image/jpeg', Prefer: prefer, 'Idempotency-Key': key },
  });
  return (await response.json()) as VerificationResource;
}

it('tries again after a fault of the service', async () => {
  let faults = 2;
  running.pipeline.script = async (...given) => {
    if (faults-- > 0) throw new Error('The model did not load.');
    return clearOutcome(...given);
  };
  const resource = await post(randomBytes(50), 'retried');

  expect(resource).toMatchObject({ status: 'complete', verdict: 'clear' });
  expect(running.pipeline.calls).toHaveLength(3);
});

it('buries work that keeps failing, and takes it up again when it is sent again', async () => {
  const bytes = randomBytes(50);
  running.pipeline.script = () => Promise.reject(new Error('secret internals'));
  const buried = await post(bytes, 'buried');

  expect(buried).toMatchObject({
    status: 'failed',
    verdict: 'not_evaluated',
    problem: { code: 'verification.exhausted', isRetryable: true },
  });
  expect(JSON.stringify(buried)).not.toContain('secret internals');
  expect(await running.service.parts.queue.depth()).toMatchObject({ dead: 1 });

  running.pipeline.script = clearOutcome;
  const revived = await post(bytes, 'buried');
  expect(revived).toMatchObject({ id: buried.id, status: 'complete', verdict: 'clear' });
  expect(await running.service.parts.queue.depth()).toEqual({
    ready: 0,
    delayed: 0,
    held: 0,
    leased: 0,
    dead: 0,
  });
});

it('does not hold the deaths of its processes against a job', async () => {
  const { database } = running.service.parts;
  let call = 0;
  running.pipeline.script = async (...given) => {
    call += 1;
    // As after three processes that died with it.
    if (call === 1) {
      await database.query(
        `update job set state = 'ready', leased_by = null, lease_until = null, attempts = attempts + 2`,
      );
    }
    if (call === 2) throw new Error('The model did not load.');
    return clearOutcome(...given);
  };

  expect(await post(randomBytes(50), 'interrupted')).toMatchObject({ status: 'complete' });
  expect(call).toBe(3);
});

it('buries work that its processes keep dying of', async () => {
  const { database } = running.service.parts;
  running.pipeline.script = async (...given) => {
    await database.query(
      `update job set state = 'ready', leased_by = null, lease_until = null, attempts = attempts + 8`,
    );
    return clearOutcome(...given);
  };

  expect(await post(randomBytes(50), 'deadly')).toMatchObject({
    status: 'failed',
    problem: { code: 'verification.exhausted' },
  });
});

it('gives up an attempt that takes too long, even when the pipeline does not notice', async () => {
  let isFirst = true;
  running.pipeline.script = async (...given) => {
    if (isFirst) {
      isFirst = false;
      await sleep(2_000);
    }
    return clearOutcome(...given);
  };
  const startedAt = Date.now();
  const resource = await post(randomBytes(50), 'slow');

  expect(resource.status).toBe('complete');
  expect(Date.now() - startedAt).toBeLessThan(1_900);
});

it('does nothing with a lease that ran out', async () => {
  const { queue } = running.service.parts;
  const lost = {
    jobId: 999_999,
    verificationId: 'ver_none',
    tenantId: 'acme',
    lane: 'bulk' as const,
    attempt: 1,
    failures: 0,
    holder: 'nobody',
    readyAt: new Date(0),
    trace: null,
  };

  await expect(queue.retry(lost, 0, 'late')).rejects.toBeInstanceOf(LeaseLostError);
  await expect(queue.giveBack(lost)).rejects.toBeInstanceOf(LeaseLostError);
});

it('keeps no bytes of media once it is judged', async () => {
  await post(randomBytes(50), 'judged');
  const { database } = running.service.parts;

  expect(
    await database.query(
      `select 1 from verification where status = 'complete' and blob_id is not null`,
    ),
  ).toEqual([]);
});

it.each([
  [1, 0, 500],
  [1, 1, 1_000],
  [4, 0, 4_000],
  [40, 1, 900_000],
])('waits longer after attempt %i (random %d)', (attempt, random, expected) => {
  expect(retryDelayMs(attempt, 1_000, () => random)).toBe(expected);
});
