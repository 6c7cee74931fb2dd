/** A verdict that takes longer than the org waits: 202, then asked for again, then applied. */
import assert from 'node:assert/strict';

import { makePicture } from '../media.js';
import { submit } from '../service-api.js';
import { areAll, detectionsOf, download, summary, upload, waitFor } from '../uploads.js';
import { advanceClock, type World } from '../world.js';

/** Big pictures that keep every worker of the service busy beyond the org's patience, twice its synchronous wait. */
const BACKLOG = 10;
const BIG = { width: 8_000, height: 6_000, quality: 80 };

export async function answerLate(world: World): Promise<void> {
  const big = await makePicture(6_000, BIG);
  await Promise.all(
    Array.from({ length: BACKLOG }, (_, index) =>
      // Another name is another question, so that no answer is used again.
      submit(world.stack, { name: `big-${index}.jpg`, bytes: big }, `resilience-big-${index}`),
    ),
  );
  const started = Date.now();
  const ids = await upload(world, [{ name: 'late.jpg', bytes: await makePicture(6_001) }]);
  const [pending] = await waitFor(world, ids, (rows) => !areAll('Held')(rows));
  assert.ok(pending);
  assert.equal(
    pending.Status__c,
    'Verifying',
    'The service must have answered that it works on it.',
  );
  assert.ok(pending.VerificationId__c, 'The org must know what to ask for.');
  assert.ok(pending.NextAttemptAt__c, 'The org must know when to ask again.');
  assert.equal((await download(world, pending.ContentVersionId__c)).status, 403);
  const verifyingAfter = Date.now() - started;

  const versions = await waitFor(world, ids, areAll('Cleared'), () => advanceClock(world, 1));
  const requests = [...(await detectionsOf(world, versions)).values()];
  assert.deepEqual(
    requests,
    [[pending.VerificationId__c]],
    'The verdict must be of the verification begun.',
  );
  world.figure(
    `late answer: Verifying after ${(verifyingAfter / 1000).toFixed(1)} s, ${summary(versions)} after ${((Date.now() - started) / 1000).toFixed(1)} s, by the same verification`,
  );
}
