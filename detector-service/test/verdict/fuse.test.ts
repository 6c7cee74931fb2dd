import fc from 'fast-check';

import { FINDING_KINDS, makeFinding, type FindingCode } from '../../src/verdict/finding-codes.js';
import { fuse, fusedScore } from '../../src/verdict/fuse.js';
import type { Verdict } from '../../src/verdict/types.js';

const FINDER = { id: 'test', version: '1.0.0' };
const STATISTICAL = new Set<FindingCode>([
  'image.generated',
  'image.uncertain',
  'image.clear',
  'image.copy_move',
  'image.edited',
  'image.edit_uncertain',
  'image.edit_clear',
]);
const CODES = Object.keys(FINDING_KINDS) as FindingCode[];

function found(...codes: FindingCode[]) {
  return codes.map((code) =>
    makeFinding(FINDER, code, 'detail', STATISTICAL.has(code) ? { score: 0.5 } : {}),
  );
}

/** Only a signature proves tampering: one that does not match, or one over something else than what is shown. */
const PROOFS_OF_TAMPERING = [
  'c2pa.broken',
  'document.signature_broken',
  'document.changed_after_signing',
] as const;

describe('fuse', () => {
  it.each<[FindingCode[], Verdict]>([
    [[], 'not_evaluated'],
    [['media.not_evaluated'], 'not_evaluated'],
    [['c2pa.remote', 'c2pa.unreadable', 'image.not_scored'], 'not_evaluated'],
    [
      ['c2pa.expired', 'c2pa.unknown_signer', 'c2pa.not_conformant', 'c2pa.ingredient_problem'],
      'not_evaluated',
    ],
    [['image.clear'], 'clear'],
    [['image.uncertain'], 'clear'],
    [['image.generated'], 'suspect'],
    [['image.clear', 'image.copy_move'], 'suspect'],
    [['image.copy_move'], 'suspect'],
    [['image.clear', 'image.edited'], 'suspect'],
    [['image.generated', 'image.edit_clear'], 'suspect'],
    [['image.not_scored', 'image.edit_uncertain'], 'clear'],
    [['image.clear', 'mime.mismatch'], 'clear'],
    [['image.clear', 'mime.disguised'], 'suspect'],
    [['image.clear', 'c2pa.unknown_signer'], 'clear'],
    [['c2pa.trusted', 'image.clear'], 'authentic'],
    [['c2pa.trusted', 'image.generated'], 'authentic'],
    [['c2pa.trusted', 'mime.polyglot'], 'suspect'],
    [['c2pa.ai_generated', 'image.clear'], 'synthetic'],
    [['c2pa.ai_edited', 'c2pa.unknown_signer'], 'synthetic'],
    [['c2pa.ai_generated', 'c2pa.expired', 'c2pa.not_conformant'], 'synthetic'],
    [['metadata.generator_mark', 'c2pa.trusted'], 'synthetic'],
    [['metadata.ai_source_type', 'image.clear'], 'synthetic'],
    [['metadata.generator_mark', 'mime.executable'], 'synthetic'],
    [['c2pa.broken', 'c2pa.ai_generated'], 'tampered'],
    [['c2pa.broken', 'image.clear'], 'tampered'],
    [['mime.executable', 'media.not_evaluated'], 'suspect'],
  ])('%j is %s', (codes, verdict) => {
    expect(fuse(found(...codes))).toBe(verdict);
  });

  it('does not depend on the order, and never softens by one more accusing finding', () => {
    const severity: readonly Verdict[] = [
      'not_evaluated',
      'clear',
      'authentic',
      'suspect',
      'synthetic',
      'tampered',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...CODES)),
        fc.constantFrom(...CODES),
        (codes, extra) => {
          const verdict = fuse(found(...codes));
          expect(fuse(found(...[...codes].reverse()))).toBe(verdict);
          const argued = FINDING_KINDS[extra].argues;
          if (
            argued === 'tampered' ||
            argued === 'synthetic' ||
            (argued === 'suspect' && !STATISTICAL.has(extra))
          ) {
            const after = fuse(found(...codes, extra));
            expect(severity.indexOf(after)).toBeGreaterThanOrEqual(severity.indexOf(argued));
          }
        },
      ),
    );
  });

  it('says tampered for nothing but broken integrity', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CODES)), (codes) => {
        const proven = PROOFS_OF_TAMPERING.some((code) => codes.includes(code));
        expect(fuse(found(...codes)) === 'tampered').toBe(proven);
      }),
    );
  });
});

describe('fusedScore', () => {
  it('is null where nothing was measured, never 0', () => {
    expect(fusedScore([])).toBeNull();
    expect(fusedScore([null, null])).toBeNull();
    expect(fusedScore([null, 0, 0.25])).toBe(0.25);
  });
});
