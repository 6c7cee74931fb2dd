/** Throughput and latency of the whole service over HTTP, and where the time of a verification goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import sharp from 'sharp';

import { startService, type Service } from '../src/http/service.js';
import type { VerificationResource } from '../src/http/schemas/verification.js';
import { readConfig } from '../src/ops/config.js';
import { createLog } from '../src/ops/log.js';
import { createPipeline } from '../src/verdict/pipeline.js';
import { print } from './data.js';

const CONNECTIONS = [1, 8] as const;
const SECONDS = 8;
const STAGE_ROUNDS = 5;
const SIZES: readonly { readonly name: string; readonly width: number; readonly height: number }[] =
  [
    { name: '0.3 MP', width: 640, height: 480 },
    { name: '2 MP', width: 1920, height: 1080 },
    { name: '12 MP', width: 4000, height: 3000 },
  ];

/** Starts the service on a folder of its own with the shipped models and a new database. */
export async function benchHttp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaguard-bench-'));
  const config = readConfig({
    MEDIAGUARD_DATA: folder,
    MEDIAGUARD_PORT: '0',
    MEDIAGUARD_TENANT_RATE: '100000',
  });
  const service = await startService(config, createLog('error'), () => createPipeline());
  try {
    const { key } = await service.parts.apiKeys.create('bench', 'bench');
    print(`${cpus().length} cores, ${config.workers} workers, Node ${process.version}`);
    for (const { name, width, height } of SIZES) {
      const bytes = await makePhoto(width, height);
      print(`\n${name} JPEG, ${Math.round(bytes.length / 1024)} KiB`);
      await benchStages(service, key, bytes);
      await benchLoad(service, key, bytes);
    }
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Noise over a gradient compresses about as badly as a photograph. */
function makePhoto(width: number, height: number): Promise<Buffer> {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#567',
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  })
    .blur(1.2)
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** The same picture under another hash, so that no answer comes from the known ones. */
function variantOf(bytes: Buffer): Buffer {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(process.hrtime.bigint());
  // A JPEG comment right after the start marker: the picture stays valid to its last byte.
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, 2 + stamp.length]), stamp]);
  return Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]);
}

async function benchStages(service: Service, key: string, bytes: Buffer): Promise<void> {
  const sums = new Map<string, number>();
  let totalMs = 0;
  let wallMs = 0;
  for (let round = 0; round < STAGE_ROUNDS; round += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${service.address}/v1/verifications`, {
      method: 'POST',
      body: variantOf(bytes),
      headers: headersOf(key),
    });
    const { timing } = (await response.json()) as VerificationResource;
    wallMs += performance.now() - startedAt;
    if (!timing) throw new Error(`Expected a result but received HTTP ${response.status}.`);
    totalMs += timing.totalMs;
    for (const [stage, ms] of Object.entries(timing.stages)) {
      sums.set(stage, (sums.get(stage) ?? 0) + ms);
    }
  }
  const share = (ms: number): string => `${((100 * ms) / wallMs).toFixed(1)} %`;
  print(`  one at a time: ${Math.round(wallMs / STAGE_ROUNDS)} ms a request, of which`);
  for (const [stage, ms] of [...sums].sort(([, left], [, right]) => right - left)) {
    print(`    ${stage.padEnd(12)} ${(ms / STAGE_ROUNDS).toFixed(1).padStart(8)} ms  ${share(ms)}`);
  }
  const staged = [...sums.values()].reduce((sum, ms) => sum + ms, 0);
  print(
    `    hand-over    ${((totalMs - staged) / STAGE_ROUNDS).toFixed(1).padStart(8)} ms  ${share(totalMs - staged)}`,
  );
  print(
    `    http, store  ${((wallMs - totalMs) / STAGE_ROUNDS).toFixed(1).padStart(8)} ms  ${share(wallMs - totalMs)}`,
  );
}

async function benchLoad(service: Service, key: string, bytes: Buffer): Promise<void> {
  const rates: number[] = [];
  for (const connections of CONNECTIONS) {
    const result = await autocannon({
      url: `${service.address}/v1/verifications`,
      connections,
      duration: SECONDS,
      timeout: 30,
      requests: [
        {
          method: 'POST',
          headers: headersOf(key),
          setupRequest: (request) => ({ ...request, body: variantOf(bytes) }),
        },
      ],
    });
    const { p50, p97_5: p975, p99 } = result.latency;
    const faults = result.non2xx + result.errors + result.timeouts;
    const rate = result['2xx'] / result.duration;
    rates.push(rate);
    print(
      `  ${connections} connections: ${rate.toFixed(1)} req/s, p50 ${p50} ms, p97.5 ${p975} ms, p99 ${p99} ms, ${faults} faults`,
    );
  }
  const [one = 0, many = 0] = rates;
  print(
    `  ${CONNECTIONS[1]} connections give ${(many / one).toFixed(2)} times the throughput of 1`,
  );
}

function headersOf(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}`, 'Content-Type': 'image/jpeg', Prefer: 'wait=10' };
}
