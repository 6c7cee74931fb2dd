import { print } from '../data.js';
import type { Bound } from './bound.js';
import type { Measured } from './drive.js';
import type { Photo } from './media.js';
import type { Pair } from './pairs.js';
import type { Judge } from './service.js';
import type { StageTimes } from './stages.js';

export function printStages(name: string, stages: StageTimes): void {
  const total = stages.reduce((sum, [, ms]) => sum + ms, 0);
  print(`\nCPU of one examination by stage, ${name} JPEG: ${total.toFixed(0)} ms`);
  for (const [stage, ms] of stages.filter(([, spent]) => spent >= 0.1)) {
    print(`  ${stage.padEnd(20)} ${ms.toFixed(1).padStart(7)} ms  ${percent(ms / total)}`);
  }
}

export function printBound(name: string, networks: Bound, detectors: Bound): void {
  print(`\nBound: one process a core, one ${name} JPEG in memory, nothing around the work`);
  print(`  decode and networks                          ${bound(networks)}`);
  print(`  decode and all detectors, evidence drawn     ${bound(detectors)}`);
  print(
    '\nThe service: pictures a second; latency; CPU a picture of the API process + of its children; /healthz meanwhile',
  );
}

function bound({ rate, cpuMs }: Bound): string {
  return `${rate.toFixed(2).padStart(6)} /s  ${cpuMs.toFixed(0).padStart(5)} CPU ms`;
}

export function printMeasured(name: string, measured: Measured): void {
  const { connections, rate, p50, p95, p99, later, faults, cpu, health } = measured;
  const notes = [
    ...(later > 0 ? [`${later} answered "later"`] : []),
    ...(faults > 0 ? [`${faults} FAULTS`] : []),
  ];
  print(
    `  ${name}, ${connections} connections: ${rate.toFixed(2)} /s; p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)}, p99 ${p99.toFixed(0)} ms; ` +
      `${cpu.own.toFixed(0)} + ${cpu.children.toFixed(0)} CPU ms; health p50 ${health.p50.toFixed(0)}, p95 ${health.p95.toFixed(0)}, worst ${health.worst.toFixed(0)} ms` +
      (notes.length > 0 ? `; ${notes.join(', ')}` : ''),
  );
}

export function printPairs(name: string, pairs: readonly Pair[]): void {
  print(`\nThe bound and the service in turns, ${name}`);
  for (const { bound, service } of pairs) {
    const { rate, cpu, sender } = service;
    print(
      `  ${bound.rate.toFixed(2)} and ${rate.toFixed(2)} /s, ${bound.cpuMs.toFixed(0)} and ${cpu.own.toFixed(0)} + ${cpu.children.toFixed(0)} CPU ms, ${sender.toFixed(0)} of the sender`,
    );
  }
}

/** How far the peer's answers are from ours: the same networks must say the same. */
export async function printPeer(judge: Judge, photo: Photo, { logits }: Bound): Promise<void> {
  const response = await fetch(`${judge.address}${judge.path}`, {
    method: 'POST',
    headers: judge.headers,
    body: photo.bytes,
  });
  const answer = (await response.json()) as { generated: number; edited: number };
  const own = (id: string): string => logits[id]?.toFixed(2) ?? 'none';
  print(
    `  (FastAPI and torch answer the logits ${answer.generated.toFixed(2)} and ${answer.edited.toFixed(2)} where ONNX Runtime gives ` +
      `${own('image-generated')} and ${own('image-edited')}; the second sees a picture that another library shrank)`,
  );
}

export interface Results {
  readonly whole: Measured;
  readonly pairs: readonly Pair[];
  readonly networks: Bound;
  readonly one: Measured;
  readonly server: Measured | null;
  /** The service with both networks and nothing else of its detectors. */
  readonly alone: Measured;
  readonly peer: Measured | null;
}

/** Each bar beside the figure reached. CPU ratios bear with a busy machine, rates less so. */
export function printBars({ whole, pairs, networks, one, server, alone, peer }: Results): void {
  const cpu = total(whole);
  print('\nBars, all at 2 MP and 8 connections');
  bar(
    'share of the bound: decode and all detectors',
    `${meanAndRange(pairs.map(rateShare))} of its rate, ${meanAndRange(pairs.map(cpuShare))} by CPU`,
    'at least 90 %',
  );
  bar(
    'share of the bound: decode and networks alone',
    `${percent(whole.rate / networks.rate)} of its rate, ${percent(networks.cpuMs / cpu)} by CPU`,
    'no bar: the service does more',
  );
  bar(
    'against FastAPI and torch at the same work, both networks and nothing else',
    peer ? against(peer, alone) : 'not measured',
    'at least 2 times',
  );
  bar(
    'against FastAPI and torch, with all the work of the service',
    peer ? against(peer, whole) : 'not measured',
    'no bar: the service does more',
  );
  bar(
    'the service around both networks: share of their bound',
    `${percent(alone.rate / networks.rate)} of its rate, ${percent(networks.cpuMs / total(alone))} by CPU`,
    'no bar',
  );
  bar('p99 : p50', (whole.p99 / whole.p50).toFixed(2), 'at most 3');
  bar('/healthz meanwhile, p95', `${whole.health.p95.toFixed(0)} ms`, 'below 50 ms');
  bar('from one core to all', `${(whole.rate / one.rate).toFixed(2)} times`, 'no bar');
  bar(
    'PostgreSQL : embedded database',
    server ? (server.rate / whole.rate).toFixed(2) : 'not measured',
    'no bar',
  );
}

function rateShare({ bound, service }: Pair): number {
  return service.rate / bound.rate;
}

function cpuShare({ bound, service }: Pair): number {
  return bound.cpuMs / total(service);
}

function meanAndRange(shares: readonly number[]): string {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return `${percent(mean)} (${percent(Math.min(...shares))} to ${percent(Math.max(...shares))})`;
}

function against(peer: Measured, own: Measured): string {
  return `${(own.rate / peer.rate).toFixed(2)} times the rate, ${(total(peer) / total(own)).toFixed(2)} times by CPU`;
}

function bar(name: string, reached: string, wanted: string): void {
  print(`  ${name}: ${reached} (${wanted})`);
}

function total({ cpu }: Measured): number {
  return cpu.own + cpu.children;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
