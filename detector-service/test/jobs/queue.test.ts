import { JobQueue, LeaseLostError, type Lease } from '../../src/jobs/queue.js';
import { findJob, listJobs, reviveDead } from '../../src/jobs/inspect.js';
import { EXHAUSTED } from '../../src/jobs/worker.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { migrate } from '../../src/store/migrations.js';
import type { Lane } from '../../src/store/records.js';
import { QueueFullError, Room } from '../../src/store/room.js';
import { Signals } from '../../src/store/signals.js';
import { VerificationStore } from '../../src/store/verifications.js';
import { onBothTiers } from '../support/tiers.js';
import { CLEAR } from '../../scripts/examples/outcomes.js';

const LEASE_MS = 60_000;

onBothTiers((tier) => {
  let database: Database;
  let store: VerificationStore;
  let queue: JobQueue;

  beforeAll(async () => {
    database = await openDatabase(await tier.fresh());
    // Several processes may start at once.
    await Promise.all([migrate(database), migrate(database), migrate(database)]);
    store = new VerificationStore(database);
    queue = new JobQueue(database, LEASE_MS);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.query('delete from verification');
    await database.query('delete from lane_turn');
    for (const tenant of ['acme', 'bulky', 'other']) {
      await database.query('insert into tenant (id) values ($1) on conflict do nothing', [tenant]);
    }
  });

  async function accept(tenantId: string, lane: Lane = 'interactive', limit = 1_000) {
    const { verification } = await store.accept(
      { tenantId, lane, fingerprint: 'f', context: {}, source: { type: 'upload' } },
      new Room(database, limit),
    );
    return verification;
  }

  async function takeAll(count: number): Promise<string[]> {
    const tenants: string[] = [];
    for (let taken = 0; taken < count; taken += 1) {
      tenants.push((await queue.take('w'))?.tenantId ?? 'nothing');
    }
    return tenants;
  }

  async function taken(holder = 'w'): Promise<Lease> {
    const lease = await queue.take(holder);
    if (!lease) throw new Error('Expected a job.');
    return lease;
  }

  it('gives a job to one holder only, and to another when its lease has run out', async () => {
    const { id } = await accept('acme');
    const takers = await Promise.all(['a', 'b', 'c'].map((holder) => queue.take(holder)));

    expect(takers.filter(Boolean)).toHaveLength(1);
    expect(takers.find(Boolean)).toMatchObject({ verificationId: id, attempt: 1 });
    await database.query(`update job set lease_until = now() - interval '1 second'`);
    expect(await queue.wakeDue()).toBe(1);
    expect(await queue.take('d')).toMatchObject({ verificationId: id, attempt: 2, holder: 'd' });
  });

  it('drops what a holder found whose lease another has', async () => {
    const { id } = await accept('acme');
    const lost = await taken('a');
    await database.query(`update job set lease_until = now() - interval '1 second'`);
    expect(await queue.wakeDue()).toBe(1);
    const lease = await taken('b');
    const completionOf = (attestation: string) => ({
      outcome: { ...CLEAR.outcome },
      evidence: [],
      attestation,
      ruleset: 'r',
      costMicros: 1,
    });
    await queue.complete(lease, completionOf('second'));

    await expect(queue.complete(lost, completionOf('first'))).rejects.toBeInstanceOf(
      LeaseLostError,
    );
    expect((await store.find('acme', id))?.attestation).toBe('second');
    const usage = await database.query('select verifications from usage_day');
    expect(usage).toEqual([{ verifications: 1 }]);
    await database.query('delete from usage_day');
  });

  it('lets tenants take turns, whatever each has waiting', async () => {
    for (let count = 0; count < 6; count += 1) await accept('bulky');
    expect(await takeAll(2)).toEqual(['bulky', 'bulky']);
    await accept('acme');
    await accept('other');
    await accept('acme');

    expect((await takeAll(3)).sort()).toEqual(['acme', 'bulky', 'other']);
    expect((await takeAll(2)).sort()).toEqual(['acme', 'bulky']);
  });

  it('gives no credit for a time without work', async () => {
    for (let count = 0; count < 20; count += 1) await accept('acme');
    await takeAll(20);
    for (let count = 0; count < 10; count += 1) await accept('other');
    await accept('acme');

    expect(await takeAll(3)).toContain('acme');
  });

  it('serves the interactive lane first, and the bulk lane when asked', async () => {
    await accept('bulky', 'bulk');
    await accept('bulky', 'bulk');
    await accept('acme', 'interactive');

    expect(await queue.take('w', ['bulk', 'interactive'])).toMatchObject({ tenantId: 'bulky' });
    expect(await takeAll(3)).toEqual(['acme', 'bulky', 'nothing']);
  });

  it('leaves the bulk lane alone when only the interactive lane is asked for', async () => {
    await accept('bulky', 'bulk');
    expect(await queue.take('w', ['interactive'])).toBeUndefined();
    await accept('acme', 'interactive');
    expect(await queue.take('w', ['interactive'])).toMatchObject({
      tenantId: 'acme',
      lane: 'interactive',
    });
    expect(await queue.take('w')).toMatchObject({ tenantId: 'bulky', lane: 'bulk' });
  });

  it('keeps room for the interactive lane when bulk has filled its share', async () => {
    for (let count = 0; count < 4; count += 1) await accept('bulky', 'bulk', 5);

    await expect(accept('bulky', 'bulk', 5)).rejects.toBeInstanceOf(QueueFullError);
    await expect(accept('acme', 'interactive', 5)).resolves.toMatchObject({ status: 'queued' });
    await expect(accept('acme', 'interactive', 5)).rejects.toBeInstanceOf(QueueFullError);
  });

  it('waits before a retry, and lets others go first meanwhile', async () => {
    const { id } = await accept('acme');
    await queue.retry(await taken(), 60_000, 'broken');
    expect(await queue.take('w')).toBeUndefined();
    expect(await queue.depth()).toMatchObject({ delayed: 1, ready: 0 });

    await database.query('update job set run_at = now()');
    expect(await queue.wakeDue()).toBe(1);
    expect(await queue.take('w')).toMatchObject({ verificationId: id, attempt: 2 });
  });

  it('keeps dead letters to look at and to run again', async () => {
    const { id } = await accept('acme');
    await queue.bury(await taken(), EXHAUSTED, 'the model did not load');

    expect(await listJobs(database, { state: 'dead', limit: 10 })).toMatchObject([
      { verificationId: id, tenantId: 'acme', lastError: 'the model did not load' },
    ]);
    expect(await listJobs(database, { tenantId: 'other', limit: 10 })).toEqual([]);
    expect(await findJob(database, id)).toMatchObject({
      status: 'failed',
      problem: { code: 'verification.exhausted' },
    });
    expect(await reviveDead(database, { verificationId: 'ver_none' })).toEqual([]);
    expect(await reviveDead(database, {})).toEqual([id]);
    expect(await queue.take('w')).toMatchObject({ verificationId: id, attempt: 1 });
    expect(await store.find('acme', id)).toMatchObject({ status: 'running', problem: null });
  });

  it('tells at once of work and of ends', async () => {
    const signals = await Signals.open(database);
    const heard = new Promise<void>((resolve) => void signals.onceWork(resolve));
    const { id } = await accept('acme');
    await heard;
    const ended = new Promise<void>((resolve) => signals.ended.once(id, () => resolve()));
    await queue.refuse(await taken(), EXHAUSTED);

    await ended;
  });
});
