/** The audit chain holds after all that, refuses to be changed, and shows a change made behind its back. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Connection } from '@salesforce/core';

import { connect, evaluateApex, runApex } from '../../demo/org-client.js';
import { PASSWORD, PEOPLE } from '../../demo/setup.js';
import type { World } from '../world.js';

interface Entry {
  readonly Id: string;
  readonly Sequence__c: number;
}

/** What a range of the chain proved, as `MediaAuditChain.Result` serialises. */
interface RangeResult {
  readonly checked: number;
  readonly isIntact: boolean;
  readonly firstBrokenSequence: number | null;
  readonly reason: string | null;
  readonly nextSequence: number | null;
}

type JournalLine = readonly [object: string, id: string, row: Record<string, unknown> | null];

const ENTRY = 'MediaAuditEntry__c';
const IMMUTABLE = /Audit entries cannot be changed or deleted by anyone/;
const WRITER_ONLY = /Audit entries are written by MediaGuard alone/;

/** Not even a System Administrator can write, change or delete an entry, by API or by Apex. */
export async function refuseChanges({ administrator, figure }: World): Promise<void> {
  const entries = administrator.sobject(ENTRY);
  const { Id: id } = await entryAt(administrator, 3);
  const select = `SELECT Id, Details__c FROM ${ENTRY} WHERE Id = '${id}'`;

  await assert.rejects(async () => entries.update({ Id: id, Details__c: '{}' }), IMMUTABLE);
  await assert.rejects(async () => entries.delete(id), IMMUTABLE);
  await assert.rejects(async () => entries.create({ Action__c: 'version.cleared' }), WRITER_ONLY);
  await assert.rejects(
    runApex(administrator, `${ENTRY} e = [${select}]; e.Details__c = '{}'; update e;`),
    IMMUTABLE,
  );
  await assert.rejects(runApex(administrator, `delete [${select}];`), IMMUTABLE);
  figure('audit: update, delete and insert by a System Administrator refused, by API and by Apex');
}

/** The whole chain holds; then two entries are tampered with in the org's store, and both are found. */
export async function findTampering(world: World): Promise<void> {
  const { administrator, stack, figure } = world;
  const started = Date.now();
  const intact = await verifyChain(administrator);
  assert.equal(intact.reason, null);
  assert.ok(intact.isIntact && intact.checked > 0);
  figure(
    `audit: chain of ${intact.checked} entries verified in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );

  const changed = await entryAt(administrator, Math.floor(intact.checked / 3));
  const removed = await entryAt(administrator, Math.floor((intact.checked * 2) / 3));
  await stack.org.stop();
  tamper(stack.org.dataFolder, changed.Id, removed.Id);
  await stack.org.start();

  const auditedAgain = await connect(stack.orgUrl, PEOPLE.administrator.username, PASSWORD);
  const first = await verifyChain(auditedAgain);
  assert.equal(first.isIntact, false, 'A changed entry must be found.');
  assert.equal(first.firstBrokenSequence, changed.Sequence__c);
  const second = await verifyChain(auditedAgain, changed.Sequence__c + 1);
  assert.equal(second.isIntact, false, 'A removed entry must be found.');
  assert.equal(second.firstBrokenSequence, removed.Sequence__c);
  figure(`audit: changed entry found: ${first.reason}`);
  figure(`audit: removed entry found: ${second.reason}`);
}

async function entryAt(connection: Connection, sequence: number): Promise<Entry> {
  const { records } = await connection.query<Entry>(
    `SELECT Id, Sequence__c FROM ${ENTRY} WHERE Sequence__c = ${sequence}`,
  );
  const [entry] = records;
  assert.ok(entry, `The chain has no entry ${sequence}.`);
  return entry;
}

/** Verifies from an entry to the end, or to the first entry that does not hold. */
async function verifyChain(connection: Connection, from = 1): Promise<RangeResult> {
  let checked = 0;
  for (let next = from; ;) {
    const result = await evaluateApex<RangeResult>(
      connection,
      `MediaAuditChain.verify(${next}, MediaAuditChain.MAXIMUM)`,
    );
    checked += result.checked;
    if (!result.isIntact || result.nextSequence === null) return { ...result, checked };
    next = result.nextSequence;
  }
}

/** Someone with access to the disk: rewrites what one entry says and takes another one away. */
function tamper(dataFolder: string, changedId: string, removedId: string): void {
  const file = join(dataFolder, 'rows', 'rows.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const forged = lines.flatMap((text) => {
    const line = JSON.parse(text) as JournalLine | object;
    if (!Array.isArray(line)) return [text];
    const [object, id, row] = line as unknown as JournalLine;
    if (object !== ENTRY || row === null) return [text];
    if (id === removedId) return [];
    if (id !== changedId) return [text];
    return [JSON.stringify([object, id, { ...row, Details__c: '{"verdict":"Clear"}' }])];
  });
  assert.equal(forged.length, lines.length - 1, 'Expected each entry once in the journal.');
  writeFileSync(file, `${forged.join('\n')}\n`);
}
