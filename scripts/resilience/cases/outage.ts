/** The service is down while files arrive and for hours after: everything stays held, nothing is lost. */
import assert from 'node:assert/strict';

import { makePictures } from '../media.js';
import {
  areAll,
  download,
  summary,
  totalAttempts,
  untilCleared,
  upload,
  versionsOf,
  waitFor,
  WAITING,
  type VersionRow,
} from '../uploads.js';
import { advanceClock, type World } from '../world.js';

const FILES = 20;
const PAUSES_MINUTES = [5, 30, 120];
const BEYOND_BACK_OFF_MINUTES = 180;

export async function outlastOutage(world: World): Promise<void> {
  const files = await makePictures('outage', 3_000, FILES);
  await world.stack.service.stop();
  const ids = await upload(world, files);
  let versions = await waitFor(world, ids, (rows) => totalAttempts(rows) > 0);
  await expectHeld(world, ids, versions);
  world.figure(`service down: ${summary(versions)}, ${totalAttempts(versions)} attempt`);

  for (const minutes of PAUSES_MINUTES) {
    const before = totalAttempts(versions);
    await advanceClock(world, minutes);
    versions = await versionsOf(world, ids);
    await expectHeld(world, ids, versions);
    assert.ok(totalAttempts(versions) > before, 'Attempts must go on during an outage.');
    world.figure(
      `service down ${minutes} minutes more: ${summary(versions)}, ${totalAttempts(versions)} attempts in all, next ${pauses(versions)}`,
    );
  }

  await world.stack.service.start();
  await advanceClock(world, BEYOND_BACK_OFF_MINUTES);
  versions = await untilCleared(world, ids, 10);
  world.figure(`service back: ${summary(versions)}`);
  for (const [index, id] of ids.entries()) {
    const { status, bytes } = await download(world, id);
    assert.equal(status, 200, `${files[index]?.name} is cleared and must be given out.`);
    assert.ok(files[index]?.bytes.equals(bytes), `${files[index]?.name} must come back unchanged.`);
  }
}

async function expectHeld(
  world: World,
  ids: readonly string[],
  versions: readonly VersionRow[],
): Promise<void> {
  assert.ok(areAll(...WAITING)(versions), `Expected all files to be held: ${summary(versions)}`);
  for (const version of versions) {
    assert.ok(version.NextAttemptAt__c, `${version.FileName__c} must be due for another attempt.`);
  }
  for (const id of ids) {
    assert.equal((await download(world, id)).status, 403, 'A held file must not be given out.');
  }
}

/** The times at which the org tries again, from the first to the last. */
function pauses(versions: readonly VersionRow[]): string {
  const due = versions.map(({ NextAttemptAt__c: at }) => at ?? '').sort();
  return `between ${due[0]?.slice(11, 19)} and ${due.at(-1)?.slice(11, 19)}`;
}
