/** `kill -9` of the service in the middle of its work: whatever it accepted gets its verdict, once. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { makePictures, randomNumbers } from '../media.js';
import { resultOf, submit, type Answer } from '../service-api.js';
import { detectionsOf, summary, untilCleared, upload, versionsOf } from '../uploads.js';
import type { World } from '../world.js';

const ROUNDS = 3;
const SMALL = 9;
const LARGE = 3;
const LONGEST_LIFE_MS = 2_500;
const SEED = 20_260_101;

const SUBMISSIONS = 30;
const SPACING_MS = 20;

/** Kills the service at random moments while the org has files verified. */
export async function killDuringVerification(world: World): Promise<void> {
  const { service } = world.stack;
  const random = randomNumbers(SEED);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const files = [
      ...(await makePictures('crash-large', 4_000 + round * 100, LARGE, {
        width: 2_000,
        height: 1_500,
        quality: 92,
      })),
      ...(await makePictures('crash', 4_050 + round * 100, SMALL)),
    ];
    const ids = await upload(world, files);
    const livesMs = Math.round(random() * LONGEST_LIFE_MS);
    await sleep(livesMs);
    await service.kill();
    const atKill = summary(await versionsOf(world, ids));
    await service.start();
    const versions = await untilCleared(world, ids, 3);
    world.figure(
      `kill -9 ${livesMs} ms after ${files.length} files: then ${atKill}; in the end ${summary(versions)}`,
    );
    for (const [id, requests] of await detectionsOf(world, versions)) {
      assert.equal(
        requests.length,
        1,
        `Version ${id} must have one detection for its one verdict.`,
      );
    }
  }
}

/** Kills the service while clients send media: every id it answered with must end in a verdict, and stay the id of that media. */
export async function killAfterAccepting(world: World): Promise<void> {
  const { service } = world.stack;
  const files = await makePictures('accepted', 5_000, SUBMISSIONS);
  const keyOf = (index: number): string => `resilience-accepted-${index}`;
  const killAfter = 5 + Math.floor(randomNumbers(SEED)() * (SUBMISSIONS / 2));
  let answered = 0;
  let killing: Promise<void> | undefined;
  const answers = await Promise.allSettled(
    files.map(async (file, index) => {
      await sleep(index * SPACING_MS);
      const answer = await submit(world.stack, file, keyOf(index));
      answered += 1;
      if (answered === killAfter) killing = service.kill();
      return answer;
    }),
  );
  await killing;
  await service.start();

  const accepted = new Map<number, Answer>();
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'fulfilled') accepted.set(index, answer.value);
  }
  assert.ok(accepted.size >= killAfter, 'Answers given before the kill must have arrived.');
  for (const { status, verification } of accepted.values()) {
    assert.equal(status, 202, 'The service was asked to answer at once.');
    const { status: end, verdict } = await resultOf(world.stack, verification.id);
    assert.equal(end, 'complete', `${verification.id} was accepted and must be completed.`);
    assert.ok(verdict, `${verification.id} must have a verdict.`);
  }
  for (const [index, file] of files.entries()) {
    const { verification } = await submit(world.stack, file, keyOf(index));
    const before = accepted.get(index)?.verification.id;
    assert.equal(
      verification.id,
      before ?? verification.id,
      'The same key must name the same work.',
    );
    assert.equal((await resultOf(world.stack, verification.id)).status, 'complete');
  }
  world.figure(
    `kill -9 after ${killAfter} of ${SUBMISSIONS} answers: ${accepted.size} had been accepted, ${accepted.size} completed; all ${SUBMISSIONS} after sending again with the same keys`,
  );
}
