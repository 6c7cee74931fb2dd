import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';

import { FakeOrg } from '../support/fake-org.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome } from '../support/scripted-pipeline.js';
import { removeFolder } from '../support/service-data.js';

const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
const NAME = 'Smith-divorce-settlement.jpg';
const exporter = new InMemorySpanExporter();
let org: FakeOrg;
let folder: string;
let running: RunningService;

beforeAll(async () => {
  org = new FakeOrg();
  await org.open();
  folder = await mkdtemp(join(tmpdir(), 'mediaguard-trace-'));
  running = await runService({
    MEDIAGUARD_SALESFORCE_ORGS: await org.register(folder, 'acme'),
    MEDIAGUARD_MAX_ATTEMPTS: '2',
  });
});
afterAll(async () => {
  await running.stop();
  org.close();
  await removeFolder(folder);
});
beforeEach(() => exporter.reset());
afterEach(() => {
  running.pipeline.script = clearOutcome;
});

const post = (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  running.send('/v1/verifications', {
    method: 'POST',
    body: randomBytes(40),
    headers: {
      'Content-Type': 'image/jpeg',
      'MediaGuard-Context': Buffer.from(
        JSON.stringify({ externalId: '068000000000201AAA', fileName: NAME }),
      ).toString('base64url'),
      traceparent: `00-${CALLER.trace}-${CALLER.span}-01`,
      Prefer: 'respond-async',
      ...headers,
    },
  });

/** Spans by name, once one of this name has ended. */
async function spansUntil(name: string): Promise<ReadonlyMap<string, ReadableSpan>> {
  while (!exporter.getFinishedSpans().some((span) => span.name === name)) await sleep(10);
  return new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
}

it('records nothing, and keeps no trace with the work, without an SDK', async () => {
  // Ends when the service stops.
  running.pipeline.script = async (_media, _context, signal) => {
    await sleep(60_000, undefined, { signal });
    throw new Error('Unreachable.');
  };
  await post();
  const [newest] = await running.service.parts.database.query<{ trace: string | null }>(
    'select trace from job order by id desc limit 1',
  );

  expect(newest).toEqual({ trace: null });
  expect(exporter.getFinishedSpans()).toEqual([]);
});

describe('with an SDK, as one added with --import', () => {
  beforeAll(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
  });
  afterAll(() => {
    for (const api of [trace, context, propagation]) api.disable();
  });

  it('keeps all of a verification in the trace of its caller, and brings the verdict', async () => {
    await post();
    const spans = await spansUntil('mediaguard.push');
    const below = (name: string): string | undefined => {
      const parentId = spans.get(name)?.parentSpanContext?.spanId;
      return [...spans.values()].find((span) => span.spanContext().spanId === parentId)?.name;
    };

    const request = spans.get('POST /v1/verifications');
    expect(request?.parentSpanContext?.spanId).toBe(CALLER.span);
    expect(request?.attributes).toMatchObject({ 'http.response.status_code': 202 });
    const parents = Object.fromEntries(
      ['receive', 'accept', 'queue.wait', 'verification', 'examine', 'store'].map((name) => [
        name,
        below(`mediaguard.${name}`),
      ]),
    );
    expect(parents).toEqual({
      receive: 'POST /v1/verifications',
      accept: 'POST /v1/verifications',
      'queue.wait': 'mediaguard.accept',
      verification: 'mediaguard.accept',
      examine: 'mediaguard.verification',
      store: 'mediaguard.verification',
    });
    expect(spans.get('mediaguard.examine')?.attributes).toHaveProperty(
      ['mediaguard.stage.decode.ms'],
      expect.any(Number),
    );
    const ids = new Set([...spans.values()].map((span) => span.spanContext().traceId));
    // The push is a matter of its own: it may come days later.
    expect([...ids]).toContain(CALLER.trace);
    expect(ids.size).toBeLessThanOrEqual(2);
  });

  it('tells of an attempt that failed by the kind of its error alone', async () => {
    running.pipeline.script = () => Promise.reject(new RangeError(`${NAME} is broken`));
    await post({ Prefer: 'wait=10' });
    const failed = (await spansUntil('mediaguard.verification')).get('mediaguard.verification');

    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(failed?.attributes).toMatchObject({
      'error.type': 'RangeError',
      'mediaguard.attempt': 2,
    });
  });

  it('holds no names and no keys', async () => {
    await post();
    const spans = [...(await spansUntil('mediaguard.push')).values()];
    const text = JSON.stringify(
      spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );

    expect(spans.length).toBeGreaterThan(6);
    expect(text).not.toContain('Smith');
    expect(text).not.toContain(running.key);
  });
});
