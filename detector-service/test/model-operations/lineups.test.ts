/** A running service whose models change under it: who judges, what shadows leave behind, and what happens to answers that were given before. */
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { VerificationResource } from '../../src/http/schemas/verification.js';
import { compareCanary, compareShadow } from '../../src/model-operations/compare.js';
import { Lineups, type OpenPipeline } from '../../src/model-operations/lineups.js';
import { keepModel, layOutModel } from '../../src/model-operations/model-files.js';
import { ModelRegistry } from '../../src/model-operations/registry.js';
import { createLog } from '../../src/ops/log.js';
import { createMetrics } from '../../src/ops/metrics.js';
import { Signals } from '../../src/store/signals.js';
import { runService, type RunningService } from '../support/running-service.js';
import { clearOutcome, scriptedPipeline, type Script } from '../support/scripted-pipeline.js';
import { removeFolder } from '../support/service-data.js';
import { onBothTiers } from '../support/tiers.js';

const ID = 'image-generated';
const SHIPPED = fileURLToPath(new URL('../../models/image-generated', import.meta.url));
const NOTE = { by: 'ada', reason: 'a test' };

let running: RunningService;
let registry: ModelRegistry;
let versions: string;
/** Versions that cannot judge. */
const broken = new Set<string>();

/** Each version says in its finding which it is, and scores by it; 9.1.0 accuses. */
const open: OpenPipeline = async (folders) => {
  const folder = folders[ID];
  const manifest = folder ? await readFile(join(folder, 'manifest.json'), 'utf8') : '{}';
  const { version = 'shipped' } = JSON.parse(manifest) as { version?: string };
  const script: Script = async (...given) => {
    if (broken.has(version)) throw new Error('The model crashed.');
    const outcome = await clearOutcome(...given);
    const isAccusing = version === '9.1.0';
    return {
      ...outcome,
      verdict: isAccusing ? 'suspect' : 'clear',
      models: [{ id: ID, version }],
      findings: [
        {
          code: isAccusing ? 'image.generated' : 'image.clear',
          severity: 'info',
          title: version,
          detail: version,
          detector: ID,
          detectorVersion: version,
          score: isAccusing ? 0.9 : 0.1,
          evidence: [],
        },
      ],
    };
  };
  const [described] = scriptedPipeline().models;
  if (!described) throw new Error('The scripted pipeline has no model.');
  const models = [{ ...described, version, configurationSha256: basename(folder ?? '') }];
  return { ...scriptedPipeline(), models, script };
};

/** However long a busy machine takes. */
async function verify(text: string): Promise<VerificationResource> {
  let response = await running.send('/v1/verifications', {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': 'image/jpeg', Prefer: 'wait=10' },
  });
  const { id } = (await response.clone().json()) as VerificationResource;
  for (;;) {
    const verification = (await response.json()) as VerificationResource;
    if (verification.status === 'complete') return verification;
    response = await running.send(`/v1/verifications/${id}`, { headers: { Prefer: 'wait=10' } });
  }
}

async function judgeOf(text: string): Promise<string | undefined> {
  return (await verify(text)).models?.[0]?.version;
}

/** Answers of shadows so far, failed ones too. */
async function shadowAnswers(): Promise<number> {
  const { values } = await running.service.parts.metrics.candidates.get();
  return values
    .filter(({ labels }) => labels.state === 'shadow' && labels.result !== 'skipped')
    .reduce((sum, { value }) => sum + value, 0);
}

/** A shadow is shown media once its verdict stands, which a caller may see first. */
async function untilShadowsAnswered(count: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await shadowAnswers()) < count && Date.now() < deadline) await sleep(10);
  await running.service.parts.shadows.settled();
}

onBothTiers((tier) => {
  beforeAll(async () => {
    const { databaseUrl } = await tier.fresh();
    running = await runService(
      { MEDIAGUARD_WORKERS: '2', ...(databaseUrl && { DATABASE_URL: databaseUrl }) },
      open,
    );
    const { database, vault } = running.service.parts;
    registry = new ModelRegistry(database);
    versions = await mkdtemp(join(tmpdir(), 'mediaguard-versions-'));
    const manifest = JSON.parse(await readFile(join(SHIPPED, 'manifest.json'), 'utf8')) as object;
    for (const version of ['9.0.0', '9.1.0']) {
      const folder = join(versions, version);
      await cp(SHIPPED, folder, { recursive: true });
      await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, version }));
      await registry.register(await keepModel(vault, folder), NOTE);
    }
  });
  afterEach(async () => {
    broken.clear();
    for (const { version, state } of await registry.list()) {
      if (state !== 'registered' && state !== 'retired') await registry.retire(ID, version, NOTE);
    }
  });
  afterAll(async () => {
    await running.stop();
    await removeFolder(versions);
  });

  describe('models of the registry', () => {
    it('judge from their promotion on, without a restart, and no answer of the models before is used again', async () => {
      expect(await judgeOf('one')).toBe('shipped');
      await registry.promote(ID, '9.0.0', null, NOTE);
      await running.service.parts.lineups.follow();
      expect(await judgeOf('one')).toBe('9.0.0');
      await registry.promote(ID, '9.1.0', null, NOTE);
      await running.service.parts.lineups.follow();
      expect(await verify('one')).toMatchObject({ verdict: 'suspect' });

      await registry.rollBack(ID, NOTE);
      await running.service.parts.lineups.follow();
      const before = await verify('one');
      expect(before).toMatchObject({ verdict: 'clear', models: [{ id: ID, version: '9.0.0' }] });
      // Under the same models as before, that answer is good again.
      expect(before.timing?.stages).toEqual({ known: 0 });
    });

    it('as a canary judge the same share of the media each time, and the others do not change', async () => {
      await registry.try('canary', ID, '9.0.0', 0.5, NOTE);
      await running.service.parts.lineups.follow();
      const names = Array.from({ length: 12 }, (_, i) => `canary ${i}`);
      const first = await Promise.all(names.map(judgeOf));
      expect(new Set(first)).toEqual(new Set(['shipped', '9.0.0']));
      expect(await Promise.all(names.map(judgeOf))).toEqual(first);

      await registry.try('canary', ID, '9.0.0', 0.9, NOTE);
      await running.service.parts.lineups.follow();
      const wider = await Promise.all(names.map(judgeOf));
      first.forEach((judge, i) => judge === '9.0.0' && expect(wider[i]).toBe('9.0.0'));
      expect(wider.filter((judge) => judge === '9.0.0').length).toBeGreaterThan(
        first.filter((judge) => judge === '9.0.0').length,
      );
      const compared = await compareCanary(running.service.parts.database, {
        ...{ modelId: ID, version: '9.0.0', days: 1 },
      });
      expect(compared.candidate.media).toBeGreaterThan(0);
      expect(compared.active.media).toBeGreaterThan(0);
      expect(compared.paired).toBeNull();
    });

    it('as a canary that fails give way to the active ones', async () => {
      broken.add('9.1.0');
      await registry.try('canary', ID, '9.1.0', 1, NOTE);
      await running.service.parts.lineups.follow();
      expect(await judgeOf('a canary that crashes')).toBe('shipped');
      broken.clear();
      // A first attempt that ended with its process or its time is not given to the canary again.
      const { lineups } = running.service.parts;
      const rulesetIn = (attempt: number): Promise<string> =>
        lineups.use('ab'.repeat(32), { attempt, signal: new AbortController().signal }, (judge) =>
          Promise.resolve(judge.ruleset),
        );
      expect(await rulesetIn(2)).not.toBe(await rulesetIn(1));
      // Nothing of the failure is remembered for these bytes.
      expect(await judgeOf('a canary that crashes')).toBe('9.1.0');
    });

    it('as a shadow leave scores beside the verdict and nothing in it, and release the bytes', async () => {
      const { parts } = running.service;
      await registry.try('shadow', ID, '9.1.0', 1, NOTE);
      await parts.lineups.follow();
      const before = await shadowAnswers();
      const answers = await Promise.all([verify('shadow one'), verify('shadow two')]);
      await untilShadowsAnswered(before + 2);
      for (const answer of answers) {
        expect(answer).toMatchObject({
          verdict: 'clear',
          models: [{ id: ID, version: 'shipped' }],
        });
        expect(JSON.stringify(answer)).not.toContain('9.1.0');
      }
      const [first] = answers;
      await running.send(`/v1/verifications/${first?.id}/decision`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          ...{ decision: 'confirm_fake', reason: 'seen before', decidedBy: 'ada' },
          decidedAt: new Date().toISOString(),
        }),
      });
      const compared = await compareShadow(parts.database, {
        ...{ modelId: ID, version: '9.1.0', days: 1 },
      });
      expect(compared).toMatchObject({
        active: { media: 2, accused: { count: 0 }, accusedFakes: { of: 1, count: 0 } },
        candidate: { media: 2, accused: { count: 2 }, accusedFakes: { of: 1, count: 1 } },
        paired: {
          agreed: { of: 2, count: 0 },
          changes: [{ from: 'clear', to: 'suspect', media: 2 }],
        },
      });
      expect(compared.paired?.meanDifference).toBeCloseTo(0.8, 10);
      const kept: string[] = [];
      for await (const blob of parts.vault.olderThan(new Date(Date.now() + 1_000))) kept.push(blob);
      const known = await parts.database.query<{ blob_id: string }>(
        'select blob_id from evidence union select blob_id from model_version',
      );
      expect(new Set(kept)).toEqual(new Set(known.map((row) => row.blob_id)));
    });

    it('as a shadow that crashes cost no verdict', async () => {
      const { parts } = running.service;
      broken.add('9.1.0');
      await registry.try('shadow', ID, '9.1.0', 1, NOTE);
      await parts.lineups.follow();
      const before = await shadowAnswers();
      expect(await verify('shadow that crashes')).toMatchObject({ verdict: 'clear' });
      await untilShadowsAnswered(before + 1);
      const metrics = await parts.metrics.registry.metrics();
      expect(metrics).toContain(
        'mediaguard_candidate_answers_total{state="shadow",result="failed"} 1',
      );
    });

    it('are told of by /v1/models with hash and state', async () => {
      await registry.try('shadow', ID, '9.1.0', 1, NOTE);
      await running.service.parts.lineups.follow();
      const response = await running.send('/v1/models');
      const { models } = (await response.json()) as {
        models: { version: string; state: string }[];
      };
      expect(models.map(({ version, state }) => `${version} ${state}`)).toEqual([
        ...['shipped active', '9.1.0 shadow'],
      ]);
    });

    it('reach every process by a signal, and a file that was changed at rest is not run', async () => {
      const { parts } = running.service;
      const log = createLog('silent');
      const other = await Lineups.open({
        registry,
        signals: await Signals.open(parts.database),
        openPipeline: open,
        layOut: (model) => layOutModel(running.dataFolder, parts.vault, model),
        children: { shared: 1, reserved: 0 },
        metrics: createMetrics(),
        log,
      });
      await registry.promote(ID, '9.0.0', null, NOTE);
      const deadline = Date.now() + 5_000;
      while (other.describe()[0]?.version !== '9.0.0' && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(other.describe()).toMatchObject([{ version: '9.0.0', state: 'active' }]);
      await other.close();

      const [model] = await registry.list();
      if (!model) throw new Error('Nothing is registered.');
      const folder = await layOutModel(running.dataFolder, parts.vault, model);
      await writeFile(join(folder, 'model.onnx'), 'something else');
      expect(await layOutModel(running.dataFolder, parts.vault, model)).toBe(folder);
      expect((await readFile(join(folder, 'model.onnx'))).length).toBeGreaterThan(1000);
      const swapped = { ...model, blobId: await parts.vault.writeBuffer(Buffer.from('changed')) };
      await writeFile(join(folder, 'model.onnx'), 'something else');
      await expect(layOutModel(running.dataFolder, parts.vault, swapped)).rejects.toThrow(
        'SHA-256',
      );
    });
  });
});
