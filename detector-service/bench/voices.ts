import { fileURLToPath } from 'node:url';

import { FIGURES_LEVEL, speechFigures } from '../src/detectors/audio/figures/speech-figures.js';
import { levelled } from '../src/detectors/audio/loudness.js';
import { speechActivity } from '../src/detectors/audio/speech-activity.js';
import { speechWindows } from '../src/detectors/audio/speech-windows.js';
import { scoreVoice } from '../src/detectors/audio/voice-scores.js';
import { loadModel, type Model, type SpeechManifest } from '../src/inference/model-manifest.js';
import { openSpeechModel } from '../src/inference/speech-model.js';
import { JUDGED_RATE, SoundCollector } from '../src/intake/audio/collector.js';
import { makeVowels } from '../../scripts/media/sound.js';
import { print } from './data.js';

const SHIPPED = fileURLToPath(new URL('../models/speech-synthetic', import.meta.url));
const SECONDS = [4, 10, 60];
const RUNS = 5;

/** CPU milliseconds (so that other work on the machine counts little) for the voice of sounds of several lengths that are decoded already: where speech is, the figures of each window, and all together. */
export async function benchVoices(): Promise<void> {
  const loaded = (await loadModel(SHIPPED)) as Model<SpeechManifest>;
  // Made vowels are unlike speech; without this rule they are judged to the end.
  const abstain = { ...loaded.manifest.abstain, maxStrangeness: null };
  const manifest = { ...loaded.manifest, abstain };
  const model = await openSpeechModel({ ...loaded, manifest });
  print('seconds: windows, CPU ms for activity, for the figures of a window, for all (median)');
  for (const seconds of SECONDS) {
    const samples = makeVowels(seconds, JUDGED_RATE);
    const collector = new SoundCollector(seconds);
    collector.add({ channels: [samples], sampleRate: JUDGED_RATE, errors: 0 });
    const sound = collector.result(false);
    if (!sound) continue;
    const activity = speechActivity(samples);
    const rule = { seconds: 4, most: manifest.windows, minSpeechSeconds: 2 };
    const windows = speechWindows(samples, activity, rule);
    const ofActivity = await timed(() => speechActivity(samples));
    const ofFigures = await timed(() =>
      windows.map((window) => speechFigures(levelled(window.samples, FIGURES_LEVEL), true)),
    );
    const ofAll = await timed(() => scoreVoice(sound, speechActivity(samples), [model]));
    print(
      `${seconds}: ${windows.length}, ${ofActivity.toFixed(0)}, ${(ofFigures / windows.length).toFixed(0)}, ${ofAll.toFixed(0)}`,
    );
  }
}

/** Median CPU milliseconds, after one run to warm up. */
async function timed(work: () => unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const started = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(started);
    times.push((user + system) / 1_000);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] as number;
}
