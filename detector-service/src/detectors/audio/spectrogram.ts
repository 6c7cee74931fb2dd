import { JUDGED_RATE } from '../../intake/audio/collector.js';
import { SpectrumAnalyser } from '../../intake/audio/spectrum.js';
import { encodePng } from '../../intake/image.js';
import type { EvidenceFile } from '../../verdict/types.js';
import { Canvas, type Colour } from '../drawing.js';

const FRAME = 1024;
const BANDS = 128;
/** Rows of pixels a band. */
const ROWS = 2;
const MIN_COLUMNS = 240;
const MAX_COLUMNS = 1000;
/** Columns a second, fewer where the sound is longer than fits. */
const COLUMNS_A_SECOND = 62.5;
/** What is drawn between black and white. */
const RANGE_DB = 80;
const LEFT = 48;
const BOTTOM = 22;
const TOP = 6;

const BACKGROUND: Colour = [17, 17, 20];
const INK: Colour = [210, 210, 215];
/** Dark to bright, in steps that stay apart in grey too. */
const COLOURS: readonly Colour[] = [
  [0, 0, 4],
  [43, 11, 87],
  [120, 28, 109],
  [187, 55, 84],
  [237, 105, 37],
  [251, 180, 26],
  [252, 255, 164],
];

/**
 * The sound over time and mel frequency (Stevens, Volkmann and Newman, 1937), as a PNG with seconds below and kilohertz at the left.
 *
 * @param samples one channel at {@link JUDGED_RATE}
 */
export async function drawSpectrogram(samples: Float32Array): Promise<EvidenceFile> {
  const length = samples.length / JUDGED_RATE;
  const columns = Math.round(
    Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, length * COLUMNS_A_SECOND)),
  );
  const levels = melLevels(samples, columns);
  const loudest = levels.reduce((most, level) => Math.max(most, level), -120);
  const canvas = new Canvas(LEFT + columns + 8, TOP + BANDS * ROWS + BOTTOM, BACKGROUND);
  for (let column = 0; column < columns; column += 1) {
    for (let band = 0; band < BANDS; band += 1) {
      const level = levels[column * BANDS + band] as number;
      const top = TOP + (BANDS - 1 - band) * ROWS;
      canvas.fill(LEFT + column, top, 1, ROWS, colourOf(1 - (loudest - level) / RANGE_DB));
    }
  }
  drawAxes(canvas, columns, length);
  return {
    name: 'spectrogram.png',
    kind: 'spectrogram',
    mediaType: 'image/png',
    bytes: await encodePng(canvas.pixels),
  };
}

/** Decibels by column and band. */
function melLevels(samples: Float32Array, columns: number): Float32Array {
  const analyser = new SpectrumAnalyser(FRAME);
  const power = new Float32Array(analyser.bins);
  const edges = Array.from({ length: BANDS + 1 }, (_, band) =>
    Math.round((hertzOf((melOf(JUDGED_RATE / 2) * band) / BANDS) * FRAME) / JUDGED_RATE),
  );
  const levels = new Float32Array(columns * BANDS);
  for (let column = 0; column < columns; column += 1) {
    const middle = ((column + 0.5) / columns) * samples.length;
    analyser.power(samples, Math.round(middle - FRAME / 2), power);
    for (let band = 0; band < BANDS; band += 1) {
      const first = edges[band] as number;
      const last = Math.max(first + 1, edges[band + 1] as number);
      let sum = 0;
      for (let bin = first; bin < last; bin += 1) sum += power[bin] as number;
      levels[column * BANDS + band] = 10 * Math.log10(sum / (last - first) + 1e-12);
    }
  }
  return levels;
}

function drawAxes(canvas: Canvas, columns: number, length: number): void {
  const bottom = TOP + BANDS * ROWS;
  for (const kilohertz of [0.5, 1, 2, 4]) {
    const y =
      bottom - Math.round((melOf(kilohertz * 1000) / melOf(JUDGED_RATE / 2)) * BANDS * ROWS);
    canvas.fill(LEFT - 5, y, 5, 1, INK);
    canvas.write(`${kilohertz}k`, kilohertz < 1 ? 6 : 22, y - 5, INK);
  }
  const step = [0.5, 1, 2, 5, 10, 30, 60].find((seconds) => length / seconds <= 10) ?? 60;
  for (let time = 0; time <= length; time += step) {
    const x = LEFT + Math.round((time / length) * columns);
    canvas.fill(x, bottom, 1, 5, INK);
    canvas.write(`${time}s`, x - 4, bottom + 9, INK);
  }
}

function colourOf(share: number): Colour {
  const place = Math.max(0, Math.min(1, share)) * (COLOURS.length - 1);
  const low = Math.min(COLOURS.length - 2, Math.floor(place));
  const [from, to] = [COLOURS[low] as Colour, COLOURS[low + 1] as Colour];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (place - low));
  return [mix(0), mix(1), mix(2)];
}

function melOf(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function hertzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
