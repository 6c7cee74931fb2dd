/** The list of labelled media that an evaluation runs on: `manifest.csv` of a folder. */
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import Papa from 'papaparse';

/** Columns with a meaning, each with the header names that are understood without being told. */
const COLUMNS = {
  file: ['file'],
  label: ['label'],
  source: ['source', 'source_repo'],
  generator: ['generator', 'generator_or_camera', 'system'],
  category: ['category', 'kind'],
  fold: ['fold'],
  trainedOn: ['trainedOn', 'trained_on'],
} as const;
export type ColumnName = keyof typeof COLUMNS;
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];
const REQUIRED: readonly ColumnName[] = ['file', 'label'];

const FAKE = new Set(['fake', 'synthetic', 'edited', 'generated', 'tampered', 'spoof']);
const REAL = new Set(['real', 'genuine', 'authentic', 'bonafide']);

export interface ListedItem {
  /** As listed, relative to the folder. */
  readonly file: string;
  readonly path: string;
  readonly isFake: boolean;
  readonly source: string;
  /** Empty where the list names none; genuine items may name their camera here. */
  readonly generator: string;
  readonly category: string;
  readonly fold: string;
  /** Ids of models that were trained on this item or its source; `*` for every model. */
  readonly trainedOn: readonly string[];
}

export interface MediaList {
  readonly items: readonly ListedItem[];
  /** Rows without a usable label, by label. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * @param renamed header names of this list for columns whose usual names it does not use
 * @throws Error that names the file, the row and what was expected
 */
export async function readMediaList(
  folder: string,
  renamed: Partial<Record<ColumnName, string>> = {},
): Promise<MediaList> {
  const path = join(folder, 'manifest.csv');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(
      `Expected a list of media at ${path} but it cannot be read; add a manifest.csv with the columns file and label.`,
      { cause: error },
    );
  });
  return parseMediaList(text, resolve(folder), renamed);
}

/** The same from text; paths are made under `folder` and must stay there. */
export function parseMediaList(
  text: string,
  folder: string,
  renamed: Partial<Record<ColumnName, string>> = {},
): MediaList {
  const { data, errors, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: 'greedy',
  });
  const [fault] = errors.filter(({ code }) => code !== 'UndetectableDelimiter');
  if (fault)
    throw new Error(`Expected a CSV list but row ${(fault.row ?? 0) + 2}: ${fault.message}`);
  const headers = meta.fields ?? [];
  const columns = findColumns(headers, renamed);
  const items: ListedItem[] = [];
  const leftOut: Record<string, number> = {};
  for (const [index, row] of data.entries()) {
    const value = (name: ColumnName): string => {
      const column = columns[name];
      return column === undefined ? '' : (row[column] ?? '').trim();
    };
    const label = value('label').toLowerCase();
    if (!FAKE.has(label) && !REAL.has(label)) {
      leftOut[label] = (leftOut[label] ?? 0) + 1;
      continue;
    }
    const file = value('file');
    const path = resolve(folder, file);
    if (file === '' || relative(folder, path).startsWith('..')) {
      throw new Error(
        `Expected row ${index + 2} to name a file inside ${folder} but received "${file}"; list files relative to the folder.`,
      );
    }
    items.push({
      file,
      path,
      isFake: FAKE.has(label),
      source: value('source') || 'unnamed',
      generator: value('generator'),
      category: value('category'),
      fold: value('fold'),
      trainedOn: value('trainedOn')
        .split(/[\s;|]+/)
        .filter((id) => id !== ''),
    });
  }
  if (items.length === 0) {
    throw new Error(
      `Expected rows labelled ${[...REAL, ...FAKE].join(', ')} but received none; check the label column.`,
    );
  }
  return { items, leftOut };
}

function findColumns(
  headers: readonly string[],
  renamed: Partial<Record<ColumnName, string>>,
): Partial<Record<ColumnName, string>> {
  const columns: Partial<Record<ColumnName, string>> = {};
  for (const name of COLUMN_NAMES) {
    const wanted = renamed[name];
    const column = wanted ?? COLUMNS[name].find((header) => headers.includes(header));
    if (column !== undefined && headers.includes(column)) columns[name] = column;
    else if (wanted !== undefined || REQUIRED.includes(name)) {
      throw new Error(
        `Expected a column "${wanted ?? name}" but the list has ${headers.join(', ') || 'none'}; name it by --column ${name}=<header>.`,
      );
    }
  }
  return columns;
}
