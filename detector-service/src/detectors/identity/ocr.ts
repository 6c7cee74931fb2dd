import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';

import { encodePng, type Pixels } from '../../intake/image.js';

/**
 * The only file that knows Tesseract, here as WebAssembly with its English data from npm packages: nothing is fetched and nothing is started. It runs in a
 * child process, and only for pictures in which a machine-readable zone was read.
 */

const require = createRequire(import.meta.url);
const CORE = 'tesseract.js-core/tesseract-core-simd-lstm';
const DATA = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz';

/** What is used of the library; it ships without types. */
interface TesseractCore {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
  };
  readonly TessBaseAPI: new () => TesseractApi;
}
interface TesseractApi {
  /** @returns 0 where the data could be loaded */
  Init(folder: null, language: string, engine: number): number;
  SetVariable(name: string, value: string): void;
  SetImageFile(orientation: number, angle: number): number;
  Recognize(monitor: null): number;
  GetTSVText(page: number): string;
  Clear(): void;
}

interface Engine {
  readonly core: TesseractCore;
  readonly api: TesseractApi;
}

/** A word and how sure the reader is of it, 0..100. */
export interface Word {
  readonly text: string;
  readonly confidence: number;
}

const LSTM_ONLY = 1;
/** Finds print in any place, without assuming columns: the layout of a card is none. */
const SPARSE_TEXT = 11;
const PICTURE = '/input';

let engine: Promise<Engine> | null = null;

/** The words of a picture in reading order, of each line of print a list. Takes a second or so. */
export async function readLines(pixels: Pixels): Promise<readonly (readonly Word[])[]> {
  engine ??= start();
  const { core, api } = await engine;
  core.FS.writeFile(PICTURE, await encodePng(pixels));
  try {
    api.SetImageFile(1, 0);
    api.Recognize(null);
    return linesOf(api.GetTSVText(0));
  } finally {
    api.Clear();
    core.FS.unlink(PICTURE);
  }
}

async function start(): Promise<Engine> {
  const create = require(`${CORE}.js`) as (options: object) => Promise<TesseractCore>;
  const silent = (): void => undefined;
  const core = await create({
    wasmBinary: readFileSync(require.resolve(`${CORE}.wasm`)),
    print: silent,
    printErr: silent,
  });
  core.FS.writeFile('eng.traineddata', gunzipSync(readFileSync(require.resolve(DATA))));
  const api = new core.TessBaseAPI();
  if (api.Init(null, 'eng', LSTM_ONLY) !== 0) {
    throw new Error(
      `Expected the reading data ${DATA} to load but it did not; reinstall the packages with npm ci.`,
    );
  }
  api.SetVariable('tessedit_pageseg_mode', String(SPARSE_TEXT));
  return { core, api };
}

/** Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
function linesOf(table: string): readonly (readonly Word[])[] {
  const lines = new Map<string, Word[]>();
  for (const row of table.split('\n')) {
    const columns = row.split('\t');
    const text = (columns[11] ?? '').trim();
    if (columns[0] !== '5' || text === '') continue;
    const key = columns.slice(1, 5).join('.');
    const line = lines.get(key) ?? [];
    line.push({ text, confidence: Number(columns[10]) });
    lines.set(key, line);
  }
  return [...lines.values()];
}
