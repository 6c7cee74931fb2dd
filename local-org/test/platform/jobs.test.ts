import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JobOutcome } from '../../src/org/contracts.js';
import { FileStore } from '../../src/platform/index.js';
import { AUTOMATED_PROCESS, START, USER, frozen, makeBench, record } from './fakes.js';

const SYNC = { kind: 'synchronous', userId: USER } as const;
const MINUTE = 60_000;

describe('transaction', () => {
  it('keeps rows and runs the work for after the commit only when the body returns', () => {
    const { platform, rows } = makeBench();
    const ran: string[] = [];
    platform.transactions.run(SYNC, (tx) => {
      rows.putSystemRow(record('Thing'));
      tx.afterCommit(() => ran.push('kept'));
    });
    expect(() =>
      platform.transactions.run(SYNC, (tx) => {
        rows.putSystemRow(record('Thing'));
        tx.afterCommit(() => ran.push('lost'));
        throw new Error('refused');
      }),
    ).toThrow('refused');
    expect(rows.all('Thing')).toHaveLength(1);
    expect(ran).toEqual(['kept']);
  });

  it('takes rows, after-commit work and the callout block back to a savepoint', () => {
    const { platform, rows } = makeBench();
    const ran: string[] = [];
    platform.transactions.run(SYNC, (tx) => {
      tx.afterCommit(() => ran.push('first'));
      const first = tx.savepoint();
      const second = tx.savepoint();
      rows.putSystemRow(record('Thing'));
      tx.hasUncommittedWork = true;
      tx.afterCommit(() => ran.push('second'));
      tx.rollback(first);
      expect(tx.hasUncommittedWork).toBe(false);
      expect(() => tx.rollback(second)).toThrow('Savepoint does not exist');
    });
    expect(rows.all('Thing')).toHaveLength(0);
    expect(ran).toEqual(['first']);
  });

  it('never runs inside another', () => {
    const { platform } = makeBench();
    platform.transactions.run(SYNC, () => {
      expect(() => platform.transactions.run(SYNC, () => undefined)).toThrow('already running');
      expect(platform.pump.turn()).toBe(false);
    });
  });

  it.each([
    ['synchronous', 100, 50, 50],
    ['queueable', 200, 1, 50],
    ['future', 200, 1, 0],
    ['batch', 200, 1, 0],
    ['platformEvent', 100, 50, 50],
    ['scheduled', 100, 50, 50],
  ] as const)('limits a %s transaction to %i queries', (kind, queries, jobs, futures) => {
    const { platform } = makeBench();
    platform.transactions.run({ kind, userId: USER }, ({ limits }) => {
      expect(limits.maximum('queueableJobs')).toBe(jobs);
      expect(limits.maximum('futureCalls')).toBe(futures);
      limits.use('queries', queries);
      expect(() => limits.use('queries')).toThrow(`Too many SOQL queries: ${queries + 1}`);
    });
  });

  it('gives a test a fresh set of limits between startTest and stopTest', () => {
    const { platform } = makeBench();
    platform.transactions.run({ ...SYNC, isTest: true }, ({ limits }) => {
      limits.use('queries', 99);
      limits.startTest();
      limits.use('queries', 99);
      limits.stopTest();
      expect(limits.used('queries')).toBe(99);
    });
  });
});

describe('queueables', () => {
  it('run after the commit, in order, each in its own transaction', () => {
    const ran: string[] = [];
    const { platform, rows } = makeBench({
      runQueueable: (tx, { className }) => void ran.push(`${className} ${tx.kind} ${tx.userId}`),
    });
    platform.transactions.run(SYNC, (tx) => {
      platform.jobs.enqueue(tx, frozen('First'));
      platform.jobs.enqueue(tx, frozen('Second'));
      expect(tx.hasUncommittedWork).toBe(true);
      expect(rows.all('AsyncApexJob').map((row) => row.get('Status'))).toEqual([
        'Queued',
        'Queued',
      ]);
    });
    expect(ran).toEqual([]);
    expect(platform.pump.runDue()).toBe(2);
    expect(ran).toEqual([`First queueable ${USER}`, `Second queueable ${USER}`]);
    expect(rows.all('AsyncApexJob').map((row) => row.get('Status'))).toEqual([
      'Completed',
      'Completed',
    ]);
  });

  it('are lost with a roll-back', () => {
    const { platform, rows } = makeBench();
    platform.transactions.run(SYNC, (tx) => {
      const before = tx.savepoint();
      platform.jobs.enqueue(tx, frozen('Never'));
      tx.rollback(before);
    });
    expect(platform.pump.runDue()).toBe(0);
    expect(rows.all('AsyncApexJob')).toHaveLength(0);
  });

  it('wait for their delay on the clock of the org', () => {
    const ran: number[] = [];
    const { platform, clock } = makeBench({ runQueueable: (tx) => void ran.push(tx.now()) });
    platform.transactions.run(SYNC, (tx) =>
      platform.jobs.enqueue(tx, frozen('Later'), { delayMinutes: 5 }),
    );
    clock.advance(5 * MINUTE - 1);
    expect(platform.pump.runDue()).toBe(0);
    clock.advance(1);
    expect(platform.pump.runDue()).toBe(1);
    expect(ran).toEqual([START + 5 * MINUTE]);
  });

  it.each([-1, 11, 1.5])('refuse a delay of %d minutes', (delayMinutes) => {
    const { platform } = makeBench();
    platform.transactions.run(SYNC, (tx) => {
      expect(() => platform.jobs.enqueue(tx, frozen('Job'), { delayMinutes })).toThrow('0 to 10');
    });
  });

  it('chain one after another, once for each job, down to the maximum depth', () => {
    const depths: number[] = [];
    const { platform, failures } = makeBench({
      runQueueable: (tx, job) => {
        depths.push(depths.length + 1);
        platform.jobs.enqueue(tx, job);
      },
    });
    platform.transactions.run(SYNC, (tx) =>
      platform.jobs.enqueue(tx, frozen('Chain'), { maximumDepth: 3 }),
    );
    platform.pump.runDue();
    expect(depths).toEqual([1, 2, 3]);
    expect(failures.map(({ message }) => message)).toEqual([
      'Maximum stack depth has been reached.',
    ]);
  });

  it('record a failure, undo the rows and let the next job run', () => {
    const { platform, rows, failures } = makeBench({
      runQueueable: (_tx, { className }) => {
        rows.putSystemRow(record('Thing'));
        if (className === 'Broken') throw new Error('no service');
      },
    });
    platform.transactions.run(SYNC, (tx) => {
      platform.jobs.enqueue(tx, frozen('Broken'));
      platform.jobs.enqueue(tx, frozen('Sound'));
    });
    platform.pump.runDue();
    expect(rows.all('Thing')).toHaveLength(1);
    const [broken, sound] = rows.all('AsyncApexJob');
    expect(broken?.get('Status')).toBe('Failed');
    expect(broken?.get('ExtendedStatus')).toBe('no service');
    expect(sound?.get('Status')).toBe('Completed');
    expect(failures).toHaveLength(1);
  });

  it.each([
    ['SUCCESS', false],
    ['UNHANDLED_EXCEPTION', true],
  ] as const)('tell their finalizer %s', (result, fails) => {
    const outcomes: JobOutcome[] = [];
    const { platform } = makeBench({
      runQueueable: (tx) => {
        platform.jobs.attachFinalizer(tx, frozen('Watch'));
        expect(() => platform.jobs.attachFinalizer(tx, frozen('Watch'))).toThrow('More than one');
        if (fails) throw new Error('broken');
      },
      runFinalizer: (_tx, _finalizer, outcome) => void outcomes.push(outcome),
    });
    platform.transactions.run(SYNC, (tx) => platform.jobs.enqueue(tx, frozen('Job')));
    platform.pump.runDue();
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]).toMatchObject({ result, exceptionMessage: fails ? 'broken' : null });
  });

  it('survive a restart of the org, also when its last write was cut short', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'org-'));
    try {
      const before = makeBench({}, new FileStore(folder));
      before.platform.transactions.run(SYNC, (tx) =>
        before.platform.jobs.enqueue(tx, frozen('Waiting', { attempt: 3 })),
      );
      appendFileSync(path.join(folder, 'work-queue.jsonl'), '["half');
      const ran: unknown[] = [];
      const after = makeBench(
        { runQueueable: (_tx, job) => void ran.push(job) },
        new FileStore(folder),
      );
      after.platform.pump.runDue();
      expect(ran).toEqual([frozen('Waiting', { attempt: 3 })]);
      expect(makeBench({}, new FileStore(folder)).platform.pump.runDue()).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('other asynchronous Apex', () => {
  it('runs future methods, and none from a future method', () => {
    const { platform, failures } = makeBench({
      runFuture: (tx, call) => void platform.jobs.callFuture(tx, call),
    });
    platform.transactions.run(SYNC, (tx) =>
      platform.jobs.callFuture(tx, { className: 'C', method: 'later', arguments: ['a'] }),
    );
    platform.pump.runDue();
    expect(failures[0]?.message).toContain('cannot be called from a future or batch method');
  });

  it('runs a batch scope by scope and goes on after a failing scope', () => {
    const scopes: unknown[] = [];
    const { platform, rows } = makeBench({
      startBatch: (_tx, job) => ({ job, items: [1, 2, 3, 4, 5] }),
      executeBatch: (_tx, job, _id, items) => {
        scopes.push(items);
        if (items.includes(3)) throw new Error('bad scope');
        return { ...job, state: Number(job.state) + items.length };
      },
      finishBatch: (_tx, job) => void scopes.push(job.state),
    });
    platform.transactions.run(SYNC, (tx) => platform.jobs.executeBatch(tx, frozen('Sweep', 0), 2));
    platform.pump.runDue();
    expect(scopes).toEqual([[1, 2], [3, 4], [5], 3]);
    const row = rows.all('AsyncApexJob')[0];
    expect([row?.get('Status'), row?.get('JobItemsProcessed'), row?.get('NumberOfErrors')]).toEqual(
      ['Completed', 3, 1],
    );
  });

  it('fires a schedule at its times until it is aborted', () => {
    const fired: string[] = [];
    const { platform, rows } = makeBench({
      runSchedulable: (tx) => void fired.push(new Date(tx.now()).toISOString().slice(11, 16)),
    });
    const id = platform.transactions.run(SYNC, (tx) =>
      platform.jobs.schedule(tx, 'Sweep', '0 0/20 * * * ?', frozen('Sweeper')),
    );
    platform.pump.runAhead(45 * MINUTE);
    expect(fired).toEqual(['09:20', '09:40']);
    expect(rows.findRow('CronTrigger', id)?.get('TimesTriggered')).toBe(2);
    platform.transactions.run(SYNC, (tx) => {
      expect(() => platform.jobs.schedule(tx, 'Sweep', '0 0 * * * ?', frozen('S'))).toThrow(
        'already scheduled',
      );
      platform.jobs.abort(tx, id);
    });
    platform.pump.runAhead(60 * MINUTE);
    expect(fired).toHaveLength(2);
  });
});

describe('a test', () => {
  it('collects asynchronous work, runs it at stopTest in sub-transactions and leaves nothing', () => {
    const users: string[] = [];
    const { platform, rows } = makeBench({
      runQueueable: (tx) => {
        users.push(`${tx.kind} ${tx.isTest}`);
        rows.putSystemRow(record('Thing'));
      },
    });
    platform.transactions.run({ ...SYNC, isTest: true }, (tx) => {
      platform.jobs.enqueue(tx, frozen('Job'), { delayMinutes: 10 });
      platform.jobs.runCollected(tx);
      expect(users).toEqual(['queueable true']);
      expect(rows.all('Thing')).toHaveLength(1);
    });
    expect(rows.rows.size).toBe(0);
    expect(platform.pump.runDue()).toBe(0);
  });

  it('sees the exception of a failing job at stopTest, and no chain of queueables', () => {
    const { platform } = makeBench({
      runQueueable: (tx, job) => void platform.jobs.enqueue(tx, job),
    });
    platform.transactions.run({ ...SYNC, isTest: true }, (tx) => {
      platform.jobs.enqueue(tx, frozen('Chain'));
      expect(() => platform.jobs.runCollected(tx)).toThrow('Maximum stack depth has been reached.');
    });
  });
});

describe('mail and notifications', () => {
  const DRAFT = { to: ['a@b.example'], subject: 'Hello', plainTextBody: 'World' };

  it('keep mail with the commit, and refuse what the platform refuses', () => {
    const { platform } = makeBench();
    const send = (userId: string, draft: Parameters<typeof platform.mailbox.send>[1][number]) =>
      platform.transactions.run({ kind: 'synchronous', userId }, (tx) =>
        platform.mailbox.send(tx, [draft]),
      );
    send(USER, DRAFT);
    expect(() => send(AUTOMATED_PROCESS, DRAFT)).toThrow('Automated Process');
    expect(() => send(USER, { ...DRAFT, to: [] })).toThrow('Add a recipient');
    expect(() => send(USER, { ...DRAFT, to: ['nobody'] })).toThrow('nobody');
    expect(() => send(USER, { ...DRAFT, plainTextBody: '' })).toThrow('Missing body');
    expect(platform.mailbox.list().map(({ subject }) => subject)).toEqual(['Hello']);
  });

  it('show a notification to each member once, until it is read', () => {
    const { platform } = makeBench();
    const draft = { type: 'Alarm', title: 'Fake found', body: 'Look', targetId: 'x' };
    platform.transactions.run(SYNC, (tx) => {
      platform.notifications.send(tx, draft, ['group', USER]);
      expect(() => platform.notifications.send(tx, { ...draft, type: 'None' }, [USER])).toThrow(
        'no custom notification type None',
      );
    });
    const [notification, ...more] = platform.notifications.forUser(USER);
    expect(more).toEqual([]);
    expect(notification).toMatchObject({ title: 'Fake found', isRead: false });
    platform.notifications.markRead(USER, notification?.id ?? '');
    expect(platform.notifications.forUser(USER)[0]?.isRead).toBe(true);
    expect(() => platform.notifications.markRead('other', notification?.id ?? '')).toThrow();
  });

  it('lead a named credential to its endpoint, and nowhere when it has none', () => {
    const { platform } = makeBench();
    platform.namedCredentials.define('Detector', {
      url: 'https://detector.example/',
      headers: { Authorization: 'Bearer x' },
    });
    expect(platform.namedCredentials.resolve('detector', '/v1').url).toBe(
      'https://detector.example/v1',
    );
    expect(() => platform.namedCredentials.resolve('Other', '')).toThrow('"Other"');
    expect(() => platform.namedCredentials.define('X', { url: 'ftp://x', headers: {} })).toThrow(
      'http or https',
    );
  });
});
