import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import {
  format,
  formatBytes,
  formatScore,
  lookOf,
  severityRank,
  wordsOfAction,
} from 'c/mediaFormat';

/** The actions that Apex writes into the audit chain as literals. */
function auditActions() {
  const main = join(__dirname, '..', '..', '..', '..');
  return readdirSync(main, { recursive: true })
    .filter((file) => file.endsWith('.cls'))
    .flatMap((file) => [
      ...readFileSync(join(main, file), 'utf8').matchAll(/MediaAudit\.Event\(\s*'([^']+\w)'/g),
    ])
    .map(([, action]) => action);
}

describe('c-media-format', () => {
  it('keeps a score that was not measured apart from zero', () => {
    expect(formatScore(null)).toBeNull();
    expect(formatScore(undefined)).toBeNull();
    expect(formatScore(0)).toBe('0 %');
    expect(formatScore(0.9731)).toBe('97 %');
  });

  it.each([
    [null, null],
    [0, '0 B'],
    [1536, '1.5 KB'],
    [10 * 1024 * 1024, '10 MB'],
  ])('writes %s bytes as %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  it('shows an unknown value as it is', () => {
    expect(lookOf('Novel').label).toBe('Novel');
  });

  it('has words for every action that the package audits', () => {
    const actions = auditActions();
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => wordsOfAction(action) === action)).toEqual([]);
    expect(wordsOfAction('novel.action')).toBe('novel.action');
  });

  it('orders severities', () => {
    expect(
      ['low', 'Critical', 'odd', 'high'].sort((a, b) => severityRank(a) - severityRank(b)),
    ).toEqual(['Critical', 'high', 'low', 'odd']);
  });

  it('fills in the places of a label', () => {
    expect(format('{0} of {1}, {2}', 3, 5)).toBe('3 of 5, {2}');
  });
});
