import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventRetryRequest, type EventMessage, type Transaction } from '../../src/org/contracts.js';
import { FileStore, type EventSubscriber } from '../../src/platform/index.js';
import { AUTOMATED_PROCESS, USER, makeBench, record, type Bench } from './fakes.js';

const SYNC = { kind: 'synchronous', userId: USER } as const;
const IMMEDIATE = 'Audit__e';
const COMMITTED = 'Verdict__e';

type Deliver = (tx: Transaction, texts: string[]) => void;

function listen(bench: Bench, event: string, deliver: Deliver, batchSize = 2000): void {
  bench.events.behaviors.set(IMMEDIATE, 'PublishImmediately');
  bench.events.behaviors.set(COMMITTED, 'PublishAfterCommit');
  const subscriber: EventSubscriber = {
    name: `trigger of ${event}`,
    batchSize,
    userId: AUTOMATED_PROCESS,
    deliver: (tx, events) =>
      deliver(
        tx,
        events.map((each) => String(each.get('Text__c'))),
      ),
  };
  bench.events.bySubscribedEvent.set(event, [subscriber]);
}

function publish(bench: Bench, event: string, texts: readonly string[], fails = false): void {
  const work = (): void =>
    bench.platform.transactions.run(SYNC, (tx) => {
      bench.platform.events.publish(
        tx,
        texts.map((text) => record(event, { Text__c: text })),
      );
      if (fails) throw new Error('rolled back');
    });
  if (fails) expect(work).toThrow('rolled back');
  else work();
}

it.each([
  [COMMITTED, false, ['a']],
  [COMMITTED, true, []],
  [IMMEDIATE, false, ['a']],
  [IMMEDIATE, true, ['a']],
])('%s arrives as it should when the transaction fails: %s', (event, fails, expected) => {
  const bench = makeBench();
  const got: string[] = [];
  listen(bench, event, (tx, texts) => {
    expect([tx.kind, tx.userId]).toEqual(['platformEvent', AUTOMATED_PROCESS]);
    got.push(...texts);
  });
  publish(bench, event, ['a'], fails);
  expect(got).toEqual([]);
  bench.platform.pump.runDue();
  expect(got).toEqual(expected);
});

it('comes in batches, in order', () => {
  const bench = makeBench();
  const batches: string[][] = [];
  listen(bench, IMMEDIATE, (_tx, texts) => void batches.push(texts), 2);
  publish(bench, IMMEDIATE, ['a', 'b', 'c']);
  publish(bench, IMMEDIATE, ['d', 'e']);
  bench.platform.pump.runDue();
  expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

it('is sent again nine times after a RetryableException, then the subscriber waits to be resumed', () => {
  const bench = makeBench();
  const retries: number[] = [];
  let isBroken = true;
  listen(bench, IMMEDIATE, (tx) => {
    retries.push(tx.eventDelivery?.retries ?? -1);
    bench.rows.putSystemRow(record('Thing'));
    if (isBroken) throw new EventRetryRequest('not yet');
  });
  publish(bench, IMMEDIATE, ['a']);
  bench.platform.pump.runDue();
  expect(retries).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(bench.rows.all('Thing')).toHaveLength(0);
  expect(bench.platform.events.positions()[0]).toMatchObject({
    isSuspended: true,
    lastError: 'not yet',
  });
  isBroken = false;
  bench.platform.events.resume(`trigger of ${IMMEDIATE}`, 'missed');
  bench.platform.pump.runDue();
  expect(bench.rows.all('Thing')).toHaveLength(1);
});

it('goes on after the checkpoint, and keeps what was done up to it', () => {
  const bench = makeBench();
  const batches: string[][] = [];
  listen(bench, IMMEDIATE, (tx, texts) => {
    batches.push(texts);
    bench.rows.putSystemRow(record('Thing', { Text__c: `kept ${texts[0] ?? ''}` }));
    if (texts.length < 3) return;
    tx.eventDelivery?.setResumeCheckpoint('2');
    bench.rows.putSystemRow(record('Thing', { Text__c: 'undone' }));
    throw new Error('out of limits');
  });
  publish(bench, IMMEDIATE, ['a', 'b', 'c']);
  bench.platform.pump.runDue();
  expect(batches).toEqual([['a', 'b', 'c'], ['c']]);
  expect(bench.rows.all('Thing').map((row) => row.get('Text__c'))).toEqual(['kept a', 'kept c']);
});

it('skips a batch whose subscriber fails otherwise, and undoes what it did', () => {
  const bench = makeBench();
  const got: string[] = [];
  listen(
    bench,
    IMMEDIATE,
    (_tx, texts) => {
      bench.rows.putSystemRow(record('Thing'));
      if (texts.includes('bad')) throw new Error('cannot read it');
      got.push(...texts);
    },
    1,
  );
  publish(bench, IMMEDIATE, ['bad', 'good']);
  bench.platform.pump.runDue();
  expect(got).toEqual(['good']);
  expect(bench.rows.all('Thing')).toHaveLength(1);
  expect(bench.failures[0]?.message).toBe('cannot read it');
});

it('reaches streaming clients, from now on or from what is kept', () => {
  const bench = makeBench();
  listen(bench, COMMITTED, () => undefined);
  const heard: string[] = [];
  const hear = (name: string) => (message: EventMessage) =>
    void heard.push(`${name}${message.replayId}`);
  const { events } = bench.platform;
  publish(bench, COMMITTED, ['a']);
  const stop = events.subscribe(COMMITTED, hear('new'));
  events.subscribe(COMMITTED, hear('all'), -2);
  publish(bench, COMMITTED, ['b']);
  stop();
  publish(bench, COMMITTED, ['c']);
  events.subscribe(COMMITTED, hear('after'), 2);
  expect(heard).toEqual(['all1', 'new2', 'all2', 'all3', 'after3']);
  expect(() => events.subscribe('Gone__e', hear('x'))).toThrow('no platform event');
});

it('survives a restart, and is not delivered twice', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'events-'));
  try {
    const before = makeBench({}, new FileStore(folder));
    const first: string[] = [];
    listen(before, IMMEDIATE, (_tx, texts) => void first.push(...texts), 1);
    publish(before, IMMEDIATE, ['a', 'b']);
    before.platform.pump.turn();
    const after = makeBench({}, new FileStore(folder));
    const second: string[] = [];
    listen(after, IMMEDIATE, (_tx, texts) => void second.push(...texts));
    after.platform.pump.runDue();
    expect([first, second]).toEqual([['a'], ['b']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('is delivered inside a test at deliver(), once a call while it asks for a retry', () => {
  const bench = makeBench();
  const attempts: number[] = [];
  listen(bench, COMMITTED, (tx) => {
    attempts.push(tx.eventDelivery?.retries ?? -1);
    if (attempts.length < 2) throw new EventRetryRequest('again');
  });
  bench.platform.transactions.run({ ...SYNC, isTest: true }, (tx) => {
    bench.platform.events.publish(tx, [record(COMMITTED, { Text__c: 'a' })]);
    bench.platform.events.deliverCollected(tx);
    expect(attempts).toEqual([0]);
    bench.platform.events.deliverCollected(tx);
    expect(attempts).toEqual([0, 1]);
  });
  expect(bench.platform.pump.runDue()).toBe(0);
});
