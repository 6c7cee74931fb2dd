import { randomBytes } from 'node:crypto';

import { modelCost } from '../../src/cost/model.js';
import { readMeasured } from '../../src/cost/measured.js';
import { readMonth } from '../../src/cost/month.js';
import type { UsageResource } from '../../src/http/schemas/service.js';
import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { runService, type RunningService } from '../support/running-service.js';

let running: RunningService;

beforeAll(async () => {
  running = await runService({ MEDIAGUARD_LEASE_MS: '1000' });
});
afterAll(() => running.stop());

async function post(key: string, prefer = 'wait=10'): Promise<VerificationResource> {
  const response = await running.send('/v1/verifications', {
    method: 'POST',
    body: randomBytes(40),
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'image/jpeg', Prefer: prefer },
  });
  return (await response.json()) as VerificationResource;
}

async function usageOf(key: string): Promise<UsageResource> {
  const response = await running.send('/v1/usage', { headers: { Authorization: `Bearer ${key}` } });
  return (await response.json()) as UsageResource;
}

it('tells the cost of an item and of each stage, and sums both up', async () => {
  const key = await running.createKey('costs');
  const { cost } = await post(key);
  await post(key);
  const usage = await usageOf(key);
  const sum = (parts: Readonly<Record<string, number>>): number =>
    Object.values(parts).reduce((total, part) => total + part, 0);

  expect(sum(cost?.stages ?? {})).toBeGreaterThan(0);
  expect(usage.days[0]?.costMicros).toBe(2 * (cost?.micros ?? 0));
  expect(usage.stages.map(({ stage }) => stage).sort()).toEqual(
    Object.keys(cost?.stages ?? {}).sort(),
  );
  expect(usage.month).toMatchObject({
    spentMicros: usage.days[0]?.costMicros,
    budgetMicros: null,
    held: 0,
  });
  expect(usage.month.forecastMicros).toBeGreaterThanOrEqual(usage.month.spentMicros);
});

it('holds work at the end of a budget, skips nothing, and goes on when it is raised', async () => {
  const key = await running.createKey('thrifty');
  const { tenants } = running.service.parts;
  await tenants.change('thrifty', { monthlyBudgetMicros: 1 });
  expect(await post(key)).toMatchObject({ status: 'complete' });
  const held = await post(key, 'wait=0');

  expect(held).toMatchObject({ status: 'queued', verdict: null, hold: { reason: 'budget' } });
  expect((await usageOf(key)).month).toMatchObject({ budgetMicros: 1, held: 1 });
  const others = await running.createKey('rich');
  expect(await post(others)).toMatchObject({ status: 'complete' });

  await tenants.change('thrifty', { monthlyBudgetMicros: 1_000_000 });
  const ended = await running.send(`/v1/verifications/${held.id}`, {
    headers: { Authorization: `Bearer ${key}`, Prefer: 'wait=10' },
  });
  const resource = (await ended.json()) as VerificationResource;
  expect(resource).toMatchObject({ status: 'complete', verdict: 'clear' });
  expect(resource.hold).toBeUndefined();
});

it('forecasts the month at the pace of the last whole days', async () => {
  const { database, tenants } = running.service.parts;
  await tenants.ensure('paced');
  for (const day of ['2026-04-08', '2026-04-09', '2026-04-10']) {
    await database.query(
      `insert into usage_day (tenant_id, day, verdict, verifications, bytes, cost_micros)
       values ('paced', $1, 'clear', 1, 1, 1000)`,
      [day],
    );
  }

  expect(await readMonth(database, 'paced', new Date('2026-04-11T00:00:00Z'))).toEqual({
    month: '2026-04',
    spentMicros: 3_000,
    forecastMicros: 23_000,
    held: 0,
  });
});

it('models cost and cores from what was measured', async () => {
  const measured = await readMeasured(running.service.parts.database);
  expect(measured.get('image')?.verifications).toBeGreaterThan(0);
  const question = {
    volume: 7_300,
    mix: { image: 0.5, video: 0.5 },
    usdPerCoreHour: 0.1,
    peakFactor: 3,
    utilisation: 0.5,
  };
  const figures = new Map([
    ['image', { seconds: 100, verifications: 1 }],
    ['video', { seconds: 1_340, verifications: 1 }],
  ]);

  // 7300 × 720 s = 1460 core hours: 2 cores on average, 6 at the peak, 12 at half load.
  expect(modelCost(figures, question)).toEqual({
    coreHours: 1_460,
    usdOfWork: 146,
    cores: 12,
    usdOfCores: 12 * 73,
  });
  expect(() => modelCost(new Map(), question)).toThrow(/Nothing was measured for "image"/);
});
