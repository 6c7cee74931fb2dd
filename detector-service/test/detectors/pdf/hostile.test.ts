import * as fc from 'fast-check';

import { compareDocuments } from '../../../src/detectors/pdf/compare/catalog.js';
import { PdfDocument } from '../../../src/detectors/pdf/document.js';
import { listRevisions } from '../../../src/detectors/pdf/revisions.js';
import { checkSignatures } from '../../../src/detectors/pdf/signatures.js';
import { makeTestAuthority } from '../../../../scripts/media/test-authority.js';
import { updatePdf, writePdf } from '../../support/pdf-writer.js';
import { content, contract, signPdf } from '../../support/signed-pdf.js';

it('reads damaged documents as far as they go and never throws', async () => {
  const signer = await (await makeTestAuthority()).issue('Notary Example');
  const sound = updatePdf(await signPdf(contract(), signer), { 4: content('Pay 900 EUR') });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 20 }),
      fc.nat(sound.length),
      (changes, end) => {
        const damaged = Buffer.from(sound.subarray(0, Math.max(end, sound.length / 3)));
        for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
        const document = new PdfDocument(damaged);
        expect(Array.isArray(checkSignatures(document))).toBe(true);
        expect(Array.isArray(listRevisions(document))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

it('gets out of circles', () => {
  const circle = writePdf({
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm 3 0 R /Names 1 0 R>>',
    2: '<</Type /Pages /Kids [2 0 R 2 0 R] /Parent 2 0 R>>',
    3: '<</Fields [4 0 R] /Self 3 0 R>>',
    4: '<</T (Loop) /Kids [4 0 R 3 0 R] /Parent 4 0 R>>',
    5: '5 0 R',
  });
  const document = new PdfDocument(circle);
  expect(checkSignatures(document)).toEqual([]);
  expect(compareDocuments(document, new PdfDocument(circle))).toEqual([]);
  expect(document.resolve(document.object(5))).toBeNull();
});

it('refuses nesting that would exhaust the stack', () => {
  const deep = writePdf({ 1: `<</Type /Catalog /Deep ${'['.repeat(100_000)}>>` });
  expect(new PdfDocument(deep).catalog).toBeNull();
});
