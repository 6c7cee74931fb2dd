import { join } from 'node:path';

import { isMadeByAi } from '../src/provenance/digital-source-type.js';
import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, verifyAll } from './data.js';

/** What a documented state should be called here. */
const EXPECTED_STATE: Readonly<Record<string, string>> = {
  none: 'absent',
  valid: 'valid',
  invalid: 'broken',
  'valid-active/invalid-ingredient': 'valid',
  remote: 'remote',
};

/**
 * Compares C2PA states with the documented ones of `expected.csv` (columns file, expected_state, expected_dst). Trust anchors come from
 * MEDIAGUARD_TRUST_ANCHORS, as in the service.
 */
export async function benchProvenance(folder: string): Promise<void> {
  const anchors = process.env['MEDIAGUARD_TRUST_ANCHORS'];
  const pipeline = await createPipeline(anchors ? { trustAnchors: anchors } : {});
  const rows = await readCsv(join(folder, 'expected.csv'));
  const states = { documented: 0, agree: 0 };
  let aiCalledTampered = 0;
  let brokenCalledValid = 0;
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    (row, result) => {
      const expected = EXPECTED_STATE[row['expected_state'] ?? ''];
      const c2pa = result.kind === 'outcome' ? result.outcome.provenance.c2pa : null;
      const found = c2pa?.state ?? (result.kind === 'refused' ? result.code : 'failed');
      if (expected !== undefined) {
        states.documented += 1;
        const agrees = found === expected || (expected === 'absent' && result.kind === 'refused');
        if (agrees) states.agree += 1;
        else print(`disagrees: ${row['file']}: expected ${expected}, found ${found}`);
        if (expected === 'broken' && found === 'valid') brokenCalledValid += 1;
        const verdict = result.kind === 'outcome' ? result.outcome.verdict : null;
        if (
          expected !== 'broken' &&
          isMadeByAi(row['expected_dst'] ?? null) &&
          verdict === 'tampered'
        ) {
          aiCalledTampered += 1;
        }
      } else if (found !== 'absent') {
        const outcome = result.kind === 'outcome' ? result.outcome : null;
        print(
          `undocumented: ${row['file']}: ${found} ${outcome?.verdict ?? ''} ${c2pa?.signer ?? ''}`,
        );
      }
      if (result.kind === 'failed') print(`failed: ${row['file']}: ${String(result.error)}`);
    },
  );
  await pipeline.close();
  const share = ((100 * states.agree) / states.documented).toFixed(1);
  print(`documented states: ${states.agree} of ${states.documented} agree (${share} %)`);
  print(
    `AI-labelled called tampered: ${aiCalledTampered}; broken called valid: ${brokenCalledValid}`,
  );
}
