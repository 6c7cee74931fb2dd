import { LocalBuckets, SharedBuckets } from '../../src/http/rate-buckets.js';
import { openStore } from '../../src/store/open.js';
import type { Database } from '../../src/store/database.js';
import { SharedRates } from '../../src/store/shared-rates.js';
import { onBothTiers } from '../support/tiers.js';

it('gives a tenant its tokens back with time, and no more than a burst', () => {
  let now = 0;
  const buckets = new LocalBuckets(() => now);
  for (let count = 0; count < 20; count += 1) {
    expect(buckets.take('acme', 2)).toEqual({ waitSeconds: 0, remaining: 19 - count });
  }
  expect(buckets.take('acme', 2)).toEqual({ waitSeconds: 1, remaining: 0 });
  now += 600_000;
  expect(buckets.take('acme', 2)).toEqual({ waitSeconds: 0, remaining: 19 });
  expect(buckets.take('other', 2)).toEqual({ waitSeconds: 0, remaining: 19 });
});

onBothTiers((tier) => {
  let database: Database;
  let statements = 0;
  beforeAll(async () => {
    const store = await openStore(await tier.fresh());
    ({ database } = store);
    await database.query(`insert into tenant (id) values ('acme'), ('other'), ('slow')`);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    statements = 0;
    await database.query('delete from rate_bucket');
  });

  /** A process of its own as far as the buckets know: nothing but the database is shared. */
  const newProcess = (): SharedBuckets => {
    const counted: Database = {
      ...database,
      query: (text, parameters) => {
        statements += 1;
        return database.query(text, parameters);
      },
    };
    return new SharedBuckets(new SharedRates(counted));
  };

  /** How many of so many requests at once pass. */
  async function passing(process: SharedBuckets, tenant: string, rate: number, count: number) {
    const taken = await Promise.all(
      Array.from({ length: count }, () => process.take(tenant, rate)),
    );
    return taken.filter(({ waitSeconds }) => waitSeconds === 0).length;
  }

  it('lets no more pass through two processes than through one', async () => {
    const startedAt = performance.now();
    const [one, two] = [newProcess(), newProcess()];
    const [first, second] = await Promise.all([
      passing(one, 'acme', 20, 300),
      passing(two, 'acme', 20, 300),
    ]);
    const sum = first + second;
    const refilled = Math.ceil(((performance.now() - startedAt) / 1000) * 20);

    // A burst of ten seconds' worth, and what came back while the test ran.
    expect(sum).toBeGreaterThanOrEqual(200);
    expect(sum).toBeLessThanOrEqual(200 + refilled);
    expect(Math.min(first, second)).toBeGreaterThan(50);
    expect(await passing(one, 'other', 20, 10)).toBe(10);
  });

  it('asks the database once for many requests, and not at all while there is nothing to get', async () => {
    const process = newProcess();
    await passing(process, 'acme', 100, 100);
    expect(statements).toBeLessThanOrEqual(11);

    await passing(process, 'slow', 1, 10);
    statements = 0;
    const refused = await process.take('slow', 1);
    expect(refused).toEqual({ waitSeconds: 1, remaining: 0 });
    expect(await passing(process, 'slow', 1, 50)).toBe(0);
    expect(statements).toBeLessThanOrEqual(1);
  });

  it('says what is left to everybody, and gives it back with time', async () => {
    const [one, two] = [newProcess(), newProcess()];
    expect(await one.take('acme', 2)).toMatchObject({ remaining: 19 });
    expect(await two.take('acme', 2)).toMatchObject({ remaining: 18 });
    await database.query(`update rate_bucket set full_at = full_at - interval '1 hour'`);
    expect(await newProcess().take('acme', 2)).toMatchObject({ remaining: 19 });
  });
});
