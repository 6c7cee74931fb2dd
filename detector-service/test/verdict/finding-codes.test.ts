import { readFile } from 'node:fs/promises';

import { FINDING_KINDS } from '../../src/verdict/finding-codes.js';

it('documents every finding with its severity and verdict', async () => {
  const page = await readFile(new URL('../../../docs/verdicts.md', import.meta.url), 'utf8');
  for (const [code, { severity, argues }] of Object.entries(FINDING_KINDS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\``));
    expect(row).toBeDefined();
    const [, , documented = '', verdict = ''] = (row ?? '').split('|').map((cell) => cell.trim());
    expect([code, documented, verdict.replace(' (score)', '')]).toEqual([
      code,
      severity,
      argues ?? '–',
    ]);
  }
});
