import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEvidence } from '../../src/model-operations/evidence.js';
import { ModelRegistry, type NewModel } from '../../src/model-operations/registry.js';
import { openStore, type Store } from '../../src/store/open.js';
import { onBothTiers } from '../support/tiers.js';

let store: Store;
let registry: ModelRegistry;
const NOTE = { by: 'ada', reason: 'a test' };

function version(number: number, modelId: string): NewModel {
  return {
    modelId,
    version: `${number}.0.0`,
    sha256: String(number).repeat(64),
    configurationSha256: 'c'.repeat(64),
    manifest: '{}',
    card: '',
    blobId: `blob-${modelId}-${number}`,
  };
}

/** Registers 1.0.0, 2.0.0 and so on under an id that no other test uses. */
async function registered(modelId: string, versions: number): Promise<void> {
  for (let number = 1; number <= versions; number += 1) {
    await registry.register(version(number, modelId), NOTE);
  }
}

async function states(modelId: string): Promise<Record<string, string>> {
  const own = (await registry.list()).filter((model) => model.modelId === modelId);
  return Object.fromEntries(
    own.map(({ version, state, share }) => [version, share === null ? state : `${state} ${share}`]),
  );
}

onBothTiers((tier) => {
  beforeAll(async () => {
    store = await openStore(await tier.fresh());
    registry = new ModelRegistry(store.database);
  });
  afterAll(() => store.database.close());

  describe('the registry of models', () => {
    it('leads a version from trial to verdicts, and records each step with who, why and the hash', async () => {
      await registered('led', 1);
      await registry.try('shadow', 'led', '1.0.0', 1, NOTE);
      await registry.try('canary', 'led', '1.0.0', 0.05, NOTE);
      expect(await states('led')).toEqual({ '1.0.0': 'canary 0.05' });
      const evidence = {
        reportSha256: 'e'.repeat(64),
        figures: [
          {
            ...{ variant: 'm1', on: 'unseen' as const, auc: 0.8, tprAt5: 0.3 },
            ...{ falseAlarms: 0.01, found: 0.2, abstained: 0.1 },
          },
        ],
      };
      await registry.promote('led', '1.0.0', evidence, { by: 'grace', reason: 'better on m1' });
      expect(await states('led')).toEqual({ '1.0.0': 'active' });

      const history = await registry.history('led', 10);
      expect(history.map(({ action }) => action)).toEqual([
        ...['promote', 'canary', 'shadow', 'register'],
      ]);
      expect(history[0]).toMatchObject({
        by: 'grace',
        reason: 'better on m1',
        sha256: '1'.repeat(64),
        stateBefore: 'canary',
        stateAfter: 'active',
        evidence,
      });
    });

    it('rolls back to what was replaced, and never to what was itself rolled back', async () => {
      await registered('rolled', 3);
      await registry.promote('rolled', '1.0.0', null, NOTE);
      await registry.promote('rolled', '2.0.0', null, NOTE);
      expect(await registry.rollBack('rolled', NOTE)).toEqual({ from: '2.0.0', to: '1.0.0' });
      await registry.promote('rolled', '3.0.0', null, NOTE);
      expect(await registry.rollBack('rolled', NOTE)).toEqual({ from: '3.0.0', to: '1.0.0' });
      expect(await registry.rollBack('rolled', NOTE)).toEqual({ from: '1.0.0', to: null });
      expect(Object.values(await states('rolled'))).toEqual(['retired', 'retired', 'retired']);
      await expect(registry.rollBack('rolled', NOTE)).rejects.toThrow('there is none');
    });

    it('rolls a canary back first, and leaves what is active alone', async () => {
      await registered('tried', 2);
      await registry.promote('tried', '1.0.0', null, NOTE);
      await registry.try('canary', 'tried', '2.0.0', 0.5, NOTE);
      expect(await registry.rollBack('tried', NOTE)).toEqual({ from: '2.0.0', to: '1.0.0' });
      expect(await states('tried')).toEqual({ '1.0.0': 'active', '2.0.0': 'retired' });
    });

    it.each<[string, () => Promise<unknown>, string]>([
      ['a known version again', () => registry.register(version(1, 'refused'), NOTE), 'raise the'],
      [
        'an unknown version',
        () => registry.promote('refused', '9.0.0', null, NOTE),
        'register its',
      ],
      [
        'a trial of what is active',
        () => registry.try('shadow', 'refused', '1.0.0', 1, NOTE),
        'roll it back first',
      ],
      [
        'a second trial of one model',
        () => registry.try('shadow', 'refused', '3.0.0', 1, NOTE),
        'models retire refused 2.0.0',
      ],
      [
        'a second canary of any model',
        () => registry.try('canary', 'other', '1.0.0', 0.1, NOTE),
        'refused 2.0.0 is canary',
      ],
    ])('refuses %s, and says what to do', async (_name, change, words) => {
      if (!('1.0.0' in (await states('refused')))) {
        await registered('refused', 3);
        await registered('other', 1);
        await registry.promote('refused', '1.0.0', null, NOTE);
        await registry.try('canary', 'refused', '2.0.0', 0.1, NOTE);
      }
      const before = await registry.revision();
      await expect(change()).rejects.toThrow(words);
      expect(await registry.revision()).toBe(before);
    });

    it('does not let its record be changed', async () => {
      await registered('recorded', 1);
      for (const change of [
        `update model_change set made_by = 'eve'`,
        'delete from model_change',
      ]) {
        await expect(store.database.query(change)).rejects.toThrow('only ever appended');
      }
    });
  });

  describe('evidence for a promotion', () => {
    const own = { id: 'cand', sha256: '1'.repeat(64), configurationSha256: 'c'.repeat(64) };
    const figures = {
      bySources: { auc: { value: 0.8 }, tprAt5: { value: 0.3 } },
      falseAlarms: { value: 0.01 },
      found: null,
      abstained: { value: 0 },
    };
    async function evidenceOf(models: object[], scorers: object[]) {
      await registry.register(version(1, `evident-${Math.random()}`), NOTE);
      const model = (await registry.list()).at(-1);
      if (!model) throw new Error('Nothing is registered.');
      const path = join(await mkdtemp(join(tmpdir(), 'mediaguard-report-')), 'report.json');
      await writeFile(path, JSON.stringify({ models, variants: [{ variant: 'm1', scorers }] }));
      return readEvidence(path, { ...model, ...own, modelId: 'mine' });
    }

    it('is the row over unseen items, under whatever id the model was measured', async () => {
      const { figures: found } = await evidenceOf(
        [own],
        [
          { scorer: 'cand', on: 'all', ...figures, bySources: null },
          { scorer: 'cand', on: 'unseen', ...figures },
        ],
      );
      expect(found).toEqual([
        {
          ...{ variant: 'm1', on: 'unseen', auc: 0.8, tprAt5: 0.3 },
          ...{ falseAlarms: 0.01, found: null, abstained: 0 },
        },
      ]);
    });

    it.each<[string, object[], object[], string]>([
      ['another file', [{ ...own, sha256: '2'.repeat(64) }], [], 'is on other models'],
      [
        'other thresholds',
        [{ ...own, configurationSha256: 'd'.repeat(64) }],
        [],
        'other thresholds',
      ],
      [
        'no scored items',
        [own],
        [{ scorer: 'cand', on: 'all', ...figures, bySources: null }],
        'none',
      ],
    ])('is not a report on %s', async (_name, models, scorers, words) => {
      await expect(evidenceOf(models, scorers)).rejects.toThrow(words);
    });
  });
});
