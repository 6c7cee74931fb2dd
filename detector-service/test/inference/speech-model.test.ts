/** @jest-environment ./test/support/typed-array-environment.js */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { loadModel, type Model, type SpeechManifest } from '../../src/inference/model-manifest.js';
import { openSpeechModel } from '../../src/inference/speech-model.js';

const SHIPPED = fileURLToPath(new URL('../../models/speech-synthetic', import.meta.url));

interface Fixture {
  readonly features: string;
  readonly figures: readonly number[];
  readonly wide: { readonly logit: number; readonly strangeness: number };
  readonly telephone: { readonly logit: number; readonly strangeness: number };
}

const fixture = JSON.parse(
  await readFile(new URL('../fixtures/speech-figures.json', import.meta.url), 'utf8'),
) as Fixture;
const shipped = (await loadModel(SHIPPED, 'speech-synthetic')) as Model<SpeechManifest>;

describe('the shipped speech model', () => {
  it.each(['wide', 'telephone'] as const)('answers as its %s head in training', async (head) => {
    const model = await openSpeechModel(shipped);
    const figures = Float32Array.from(fixture.figures);
    if (head === 'telephone') figures.fill(Number.NaN, figures.length / 2);
    const answer = await model.answer(figures);
    expect(answer.logit).toBeCloseTo(fixture[head].logit, 4);
    expect(answer.strangeness).toBeCloseTo(fixture[head].strangeness, 5);
  });

  it('asks for the figures that the fixture holds', () => {
    expect(shipped.manifest.input).toMatchObject({ figures: fixture.features });
  });
});

it('is not opened where the model lacks what the manifest names', async () => {
  const manifest = {
    ...shipped.manifest,
    output: { ...shipped.manifest.output, logit: 'verdict' },
  };
  await expect(openSpeechModel({ ...shipped, manifest })).rejects.toThrow(
    /has no verdict; its inputs are figures and its outputs logit, strangeness/,
  );
});
