import { join } from 'node:path';

import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, tally, verifyAll, type Result, type Row } from './data.js';

/** Documents whose file names say what was done to them, in the words of the test suites they come from. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/2236|shadow|hide|replace/i, 'shadow'],
  [/byterange-overlap|infinite_loop/, 'wrapping'],
  // By their authors' tests these change something that no signature allows; those of the same family without the word are lawful signings.
  [/sneaky|not-all-paths/, 'incremental saving'],
  [/annot-added/, 'drawing over a signed page'],
  [/placeholder|coverage-anomalies_base/, 'signature without a value'],
];

/** What the list's labels and file names say of a document. */
function groupOf(row: Row): { readonly name: string; readonly isManipulated: boolean | null } {
  const name = row['file'] ?? '';
  if (row['label'] === 'signature-does-not-cover') return { name: 'wrapping', isManipulated: true };
  const named = BY_NAME.find(([pattern]) => pattern.test(name));
  if (named) return { name: named[1], isManipulated: true };
  if (row['label'] === 'malformed') return { name: 'malformed', isManipulated: null };
  const isSavedAgain = Number(row['n_prev']) > 0;
  if (row['has_byterange'] === '1') {
    const isFollowed = Number(row['bytes_after_last_sig']) > 0 || Number(row['n_prev']) > 1;
    return {
      name: isFollowed ? 'lawful, signed and continued' : 'lawful, signed',
      isManipulated: false,
    };
  }
  return {
    name: isSavedAgain ? 'lawful, saved again' : 'lawful, one saving',
    isManipulated: false,
  };
}

/**
 * Counts manipulated documents that are found and lawful ones that are flagged, over the PDF files of `expected.csv` (columns file, kind, label, n_prev,
 * has_byterange, bytes_after_last_sig). Found or flagged means a verdict of suspect or worse.
 */
export async function benchDocuments(folder: string): Promise<void> {
  const pipeline = await createPipeline();
  const rows = (await readCsv(join(folder, 'expected.csv'))).filter((row) => row['kind'] === 'pdf');
  const total = new Map<string, number>();
  const flagged = new Map<string, number>();
  const times: number[] = [];
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    (row, result) => {
      const { name, isManipulated } = groupOf(row);
      tally(total, name);
      times.push(result.ms);
      const accusing = accusations(result);
      if (accusing) tally(flagged, name);
      if (isManipulated === true && !accusing) print(`missed (${name}): ${row['file']}`);
      if (isManipulated === false && accusing)
        print(`flagged (${name}): ${row['file']}: ${accusing}`);
    },
    2,
  );
  await pipeline.close();
  for (const [name, count] of [...total].sort()) {
    print(`${name}: ${flagged.get(name) ?? 0} of ${count} suspect or worse`);
  }
  times.sort((a, b) => a - b);
  print(`milliseconds: median ${at(times, 0.5)}, 95 % ${at(times, 0.95)}, longest ${at(times, 1)}`);
}

function accusations(result: Result): string | null {
  if (result.kind === 'refused') return `refused ${result.code}`;
  if (result.kind === 'failed') return `failed ${String(result.error)}`;
  const { verdict, findings } = result.outcome;
  if (!['suspect', 'tampered', 'synthetic'].includes(verdict)) return null;
  const telling = findings.filter(({ severity }) => severity !== 'info' && severity !== 'low');
  return `${verdict}: ${telling.map(({ code, detail }) => `${code} ${detail}`).join(' | ')}`;
}

function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
