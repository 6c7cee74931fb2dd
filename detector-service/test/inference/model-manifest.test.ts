import { readFile } from 'node:fs/promises';

import { modelManifestSchema } from '../../src/inference/model-manifest.js';

/** The manifests that `docs/evaluation.md` shows to users, by kind. */
async function documented(): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const text = await readFile(new URL('../../../docs/evaluation.md', import.meta.url), 'utf8');
  const manifests = [...text.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, json = '']) => json.replace('<64 hex digits>', 'a'.repeat(64)))
    .map((json) => JSON.parse(json) as Record<string, unknown>)
    .filter((value) => 'kind' in value);
  return new Map(manifests.map((manifest) => [String(manifest['kind']), manifest]));
}

describe('the manifest of a model', () => {
  it.each(['image-crops', 'speech-samples'])('as documented for %s is accepted', async (kind) => {
    const manifest = (await documented()).get(kind);
    expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  });

  it.each<[string, object, string]>([
    ['a misspelt key', { threshold: {} }, 'threshold'],
    ['another sample rate', { input: { sampleRate: 8_000 } }, 'sampleRate'],
    ['thresholds that cross', { thresholds: { suspect: 0.2, clear: 0.8 } }, 'must not be above'],
    ['figures for a model of samples', { kind: 'speech-figures' }, 'figures'],
  ])('with %s is refused by name', async (_name, change, message) => {
    const manifest = { ...(await documented()).get('speech-samples'), ...change };
    expect(() => modelManifestSchema.parse(manifest)).toThrow(message);
  });
});
