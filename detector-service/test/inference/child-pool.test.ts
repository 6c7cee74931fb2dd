import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ChildFailure, ChildPool } from '../../src/inference/child-pool.js';
import { MediaRefusedError } from '../../src/verdict/types.js';

const never = new AbortController().signal;

describe('ChildPool', () => {
  let pool: ChildPool;
  beforeAll(() => {
    pool = new ChildPool({
      entry: new URL('./fixtures/obedient-child.ts', import.meta.url),
      size: 1,
      deadlineMs: 3000,
      setup: { greeting: 'hello' },
    });
  });
  afterAll(() => pool.close());

  it('hands setup and requests to the child and its replies back', async () => {
    expect(await pool.run({ do: 'greet', name: 'Ada' }, never)).toBe('hello Ada');
    expect(await pool.run({ do: 'bytes' }, never)).toEqual(Buffer.from([1, 2, 3]));
  });

  it('passes refusals on as refusals and faults as faults', async () => {
    await expect(pool.run({ do: 'refuse' }, never)).rejects.toThrow(MediaRefusedError);
    await expect(pool.run({ do: 'refuse' }, never)).rejects.toMatchObject({ code: 'media.test' });
    await expect(pool.run({ do: 'throw' }, never)).rejects.toThrow(/a fault of the child/);
  });

  it('replaces a child that crashes', async () => {
    const [before] = pool.pids;
    await expect(pool.run({ do: 'crash' }, never)).rejects.toMatchObject({ kind: 'crash' });
    expect(await pool.run({ do: 'greet', name: 'again' }, never)).toBe('hello again');
    expect(pool.pids).not.toContain(before);
  });

  it('kills a child that hangs, even in a loop that no timer can interrupt', async () => {
    const hanging = pool.run({ do: 'hang' }, never);
    const waiting = pool.run({ do: 'greet', name: 'next' }, never);
    await expect(hanging).rejects.toThrow(ChildFailure);
    await expect(hanging).rejects.toMatchObject({ kind: 'deadline' });
    expect(await waiting).toBe('hello next');
  });

  it('forgets an aborted request at once', async () => {
    const abort = new AbortController();
    const hanging = pool.run({ do: 'hang' }, never);
    const queued = pool.run({ do: 'greet', name: 'x' }, abort.signal);
    abort.abort(new Error('the caller left'));
    await expect(queued).rejects.toThrow('the caller left');
    await expect(hanging).rejects.toMatchObject({ kind: 'deadline' });
  });

  it('gives a child no secrets', async () => {
    process.env['MEDIAGUARD_TEST_SECRET'] = 'secret';
    const fresh = new ChildPool({
      entry: new URL('./fixtures/obedient-child.ts', import.meta.url),
      size: 1,
      deadlineMs: 3000,
      setup: {},
    });
    expect(await fresh.run({ do: 'environment' }, never)).not.toContain('MEDIAGUARD_TEST_SECRET');
    await fresh.close();
  });

  it('replaces a child that has grown too large, between two requests', async () => {
    const reasons: string[] = [];
    const frugal = new ChildPool({
      entry: new URL('./fixtures/obedient-child.ts', import.meta.url),
      size: 1,
      deadlineMs: 10_000,
      maxResidentBytes: 300 * 1024 * 1024,
      setup: {},
      onReplaced: (reason) => reasons.push(reason),
    });
    const pids = [];
    for (let i = 0; i < 8; i += 1) pids.push(await frugal.run({ do: 'grow' }, never));
    await frugal.close();
    const lives = new Set(pids).size;
    expect(lives).toBeGreaterThan(1);
    expect(lives).toBeLessThan(pids.length);
    expect(reasons).toEqual(Array.from({ length: lives - 1 }, () => 'memory'));
  });

  it('keeps a reserved child for what somebody waits for, and lets it go first', async () => {
    const shared = new ChildPool({
      entry: new URL('./fixtures/obedient-child.ts', import.meta.url),
      size: 1,
      reserved: 1,
      deadlineMs: 10_000,
      setup: {},
    });
    const priorityOf = (lane: 'interactive' | 'bulk') =>
      shared.run({ do: 'priority' }, never, lane) as Promise<{ pid: number; niceness: number }>;
    const [urgent, bulk] = await Promise.all([priorityOf('interactive'), priorityOf('bulk')]);
    const hanging = shared.run({ do: 'hang' }, never, 'bulk');
    hanging.catch(() => undefined);
    const meanwhile = await priorityOf('interactive');
    await shared.close();

    expect(urgent.niceness).toBe(0);
    expect(bulk.niceness).toBe(10);
    expect(meanwhile.pid).toBe(urgent.pid);
    await expect(hanging).rejects.toMatchObject({ kind: 'crash' });
  });

  it('fails loudly when its children cannot start', async () => {
    const broken = new ChildPool({
      entry: new URL('./fixtures/stillborn-child.ts', import.meta.url),
      size: 1,
      deadlineMs: 3000,
      setup: null,
    });
    await expect(broken.run({}, never)).rejects.toThrow(
      /to start but 3 in a row ended with code 3/,
    );
    await expect(broken.run({}, never)).rejects.toThrow(/started again and again/);
    await broken.close();
  });

  it('goes on trying until its children can start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mediaguard-pool-'));
    const recovering = new ChildPool({
      entry: new URL('./fixtures/late-child.ts', import.meta.url),
      size: 1,
      deadlineMs: 3000,
      setup: join(folder, 'ready'),
    });
    await expect(recovering.run({}, never)).rejects.toThrow(/3 in a row ended with code 4/);
    await writeFile(join(folder, 'ready'), '');
    let answer: unknown;
    for (let tries = 0; tries < 50 && answer === undefined; tries += 1) {
      await sleep(200);
      answer = await recovering.run({}, never).catch(() => undefined);
    }
    expect(answer).toBe('here');
    await recovering.close();
    await rm(folder, { recursive: true });
  });
});
