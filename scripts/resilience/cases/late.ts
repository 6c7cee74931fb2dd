/** A verdict that takes longer than the org waits: 202, then asked for again, then applied. */
import assert from 'node:assert/strict';

import { makePicture } from '../media.js';
import {
  areAll,
  detectionsOf,
  download,
  summary,
  untilCleared,
  upload,
  waitFor,
} from '../uploads.js';
import type { World } from '../world.js';

/** More than the org sends along, less than a phone's photo can be. */
const PUSH_LIMIT_BYTES = 3_000_000;
const LARGE = { width: 5_000, height: 3_750, quality: 100 };

export async function answerLate(world: World): Promise<void> {
  const { service } = world.stack;
  const started = Date.now();
  // However fast the machine: the verdict comes when the test says so.
  service.pauseJudging();
  const ids = await upload(world, [{ name: 'late.jpg', bytes: await makePicture(6_001) }]);
  const [pending] = await waitFor(world, ids, (rows) => !areAll('Held')(rows)).finally(() =>
    service.resumeJudging(),
  );
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

  const versions = await untilCleared(world, ids, 1);
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

/** Above the push limit the service fetches the bytes itself, and the org asks for the verdict. */
export async function pullLargeFile(world: World): Promise<void> {
  const bytes = await makePicture(6_100, LARGE);
  assert.ok(bytes.length > PUSH_LIMIT_BYTES, `${bytes.length} bytes would be sent along.`);
  const started = Date.now();
  const ids = await upload(world, [{ name: 'large.jpg', bytes }]);
  const versions = await untilCleared(world, ids, 1);
  world.figure(
    `large file: ${(bytes.length / 1e6).toFixed(1)} MB fetched by the service, ${summary(versions)} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}
