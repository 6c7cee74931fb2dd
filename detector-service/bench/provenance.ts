import { join } from 'node:path';

import { isMadeByAi } from '../src/provenance/digital-source-type.js';
import { createPipeline } from '../src/verdict/pipeline.js';
import { print, readCsv, verifyAll, type Result, type Row } from './data.js';

/** What a documented state should be called here. */
const EXPECTED_STATE: Readonly<Record<string, string>> = {
  none: 'absent',
  valid: 'valid',
  invalid: 'broken',
  'valid-active/invalid-ingredient': 'valid',
  remote: 'remote',
};

/**
 * Compares C2PA states, AI source types and generators' marks with the documented ones of `expected.csv` (columns file, kind, expected_state, expected_dst). Each
 * disagreement is printed with what the service says for itself. Trust anchors come from MEDIAGUARD_TRUST_ANCHORS, as in the service; states do not depend on them.
 */
export async function benchProvenance(folder: string): Promise<void> {
  const anchors = process.env['MEDIAGUARD_TRUST_ANCHORS'];
  const pipeline = await createPipeline(anchors ? { trustAnchors: anchors } : {});
  const rows = await readCsv(join(folder, 'expected.csv'));
  const states = new Agreement();
  const sources = new Agreement();
  const marks = new Agreement();
  let aiCalledTampered = 0;
  let brokenCalledValid = 0;
  let falseMarks = 0;
  await verifyAll(
    pipeline,
    rows,
    (row) => join(folder, row['file'] ?? ''),
    (row, result) => {
      const found = foundOf(result);
      const expected = EXPECTED_STATE[row['expected_state'] ?? ''];
      if (expected !== undefined) {
        const isRefused = expected === 'absent' && result.kind === 'refused';
        states.count(isRefused || found.state === expected, row, expected, found);
        if (expected === 'broken' && found.state === 'valid') brokenCalledValid += 1;
      } else if (found.state !== 'absent') {
        print(`undocumented: ${row['file']}: ${found.state} ${found.verdict} ${found.reasons}`);
      }
      const sourceType = row['expected_dst'] ?? '';
      if (sourceType !== '') {
        sources.count(found.sourceTypes.includes(sourceType), row, sourceType, found);
        const isGenuine = expected !== 'broken' && isMadeByAi(sourceType);
        if (isGenuine && found.verdict === 'tampered') aiCalledTampered += 1;
      }
      if (/sd-parameters|comfy|generator/.test(row['kind'] ?? '')) {
        marks.count(found.hasMark, row, 'a generator mark', found);
      } else if (row['kind'] === 'exif/iptc/xmp' && found.hasMark) {
        falseMarks += 1;
        print(`false mark: ${row['file']}: ${found.reasons}`);
      }
      if (result.kind === 'failed') print(`failed: ${row['file']}: ${String(result.error)}`);
    },
  );
  await pipeline.close();
  print(`documented states: ${states.text()}`);
  print(`documented source types: ${sources.text()}`);
  print(`documented generator marks: ${marks.text()}; marks on camera files: ${falseMarks}`);
  print(
    `AI-labelled called tampered: ${aiCalledTampered}; broken called valid: ${brokenCalledValid}`,
  );
}

interface Found {
  readonly state: string;
  readonly verdict: string;
  readonly sourceTypes: readonly string[];
  readonly hasMark: boolean;
  /** The findings' own words, for whoever has to decide which side is right. */
  readonly reasons: string;
}

function foundOf(result: Result): Found {
  if (result.kind !== 'outcome') {
    const state = result.kind === 'refused' ? result.code : 'failed';
    return { state, verdict: 'none', sourceTypes: [], hasMark: false, reasons: '' };
  }
  const { findings, provenance, verdict } = result.outcome;
  const telling = findings.filter(({ code }) => /^(?:c2pa|metadata)\./.test(code));
  return {
    state: provenance.c2pa.state,
    verdict,
    sourceTypes: [...provenance.c2pa.digitalSourceTypes, provenance.digitalSourceType ?? ''],
    hasMark: findings.some(({ code }) => code === 'metadata.generator_mark'),
    reasons: telling.map(({ code, detail }) => `[${code}] ${detail}`).join(' '),
  };
}

class Agreement {
  private documented = 0;
  private agree = 0;

  count(isAgreed: boolean, row: Row, expected: string, found: Found): void {
    this.documented += 1;
    if (isAgreed) this.agree += 1;
    else {
      print(
        `disagrees: ${row['file']}: expected ${expected}, found ${found.state} ${found.reasons}`,
      );
    }
  }

  text(): string {
    if (this.documented === 0) return 'none in this folder';
    const share = ((100 * this.agree) / this.documented).toFixed(1);
    return `${this.agree} of ${this.documented} agree (${share} %)`;
  }
}
