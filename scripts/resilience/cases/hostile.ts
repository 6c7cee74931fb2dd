/** Hostile files through the whole chain: none is cleared, each has a reason, and the service works on. */
import assert from 'node:assert/strict';

import { makeHostileMedia } from '../hostile-media.js';
import { makePicture } from '../media.js';
import { download, untilCleared, untilJudged, upload } from '../uploads.js';
import type { World } from '../world.js';

export async function sendHostileFiles(world: World): Promise<void> {
  await assert.rejects(
    upload(world, [{ name: 'empty.jpg', bytes: Buffer.alloc(0) }]),
    /VersionData/,
    'A file without bytes must not come in.',
  );
  const files = await makeHostileMedia();
  const ids = await upload(world, files);
  const versions = await untilJudged(world, ids, 1);
  for (const [index, version] of versions.entries()) {
    const name = files[index]?.name ?? '';
    const { Status__c: status, Verdict__c: verdict, ReasonCode__c: reason } = version;
    world.figure(`hostile ${name}: ${status}, ${verdict}, ${reason}`);
  }
  for (const { FileName__c: name, Status__c: status, ReasonCode__c: reason } of versions) {
    assert.ok(['Held', 'Quarantined'].includes(status), `${name} must not be ${status}.`);
    assert.ok(reason, `${name} must say why it is ${status}.`);
  }
  for (const id of ids) assert.equal((await download(world, id)).status, 403);

  assert.equal((await fetch(`${world.stack.serviceUrl}/readyz`)).status, 200);
  const harmless = await upload(world, [{ name: 'harmless.jpg', bytes: await makePicture(7_001) }]);
  await untilCleared(world, harmless, 1);
}
