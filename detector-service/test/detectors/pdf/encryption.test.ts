import { readFile } from 'node:fs/promises';

import { createPdfDetector } from '../../../src/detectors/pdf/detector.js';
import type { Detection } from '../../../src/detectors/types.js';
import { identityDetector } from '../../../src/detectors/identity/identity-detector.js';
import { documentSubject } from '../../support/document-subject.js';
import { drawnIdentity, zoneLines } from '../../support/drawn-identity.js';
import { stream, writePdf } from '../../support/pdf-writer.js';
import sharp from 'sharp';

const FIXTURES = new URL('../../fixtures/media/', import.meta.url);
const detector = createPdfDetector(
  { detectors: [identityDetector], readMarks: () => Promise.resolve([]) },
  { signers: [], timeStamps: [] },
);

function examined(bytes: Buffer): Promise<Detection> {
  return detector.run(documentSubject(bytes));
}

function detailOf({ findings }: Detection, code: string): string | undefined {
  return findings.find((finding) => finding.code === code)?.detail;
}

describe('encrypted documents', () => {
  it.each(['rc4-40', 'rc4-128', 'aes-128', 'aes-256', 'aes-256-r5'])(
    'are examined where everybody can open them: %s',
    async (name) => {
      const bytes = await readFile(new URL(`empty-password-${name}.pdf`, FIXTURES));

      const detection = await examined(bytes);

      expect(detailOf(detection, 'document.encrypted')).toMatch(/empty password/);
      expect(detailOf(detection, 'document.active_content')).toMatch(/app\.launchURL/);
      expect(detection.evidence.map(({ name: file }) => file)).toEqual(['page-1.jpg']);
    },
  );

  it('are not judged where they need a password, and say so', async () => {
    const bytes = await readFile(new URL('user-password-aes-256.pdf', FIXTURES));

    const detection = await examined(bytes);

    expect(detailOf(detection, 'document.encrypted')).toMatch(/opens only with a password/);
    expect(detection.score).toBeNull();
    expect(detection.evidence).toEqual([]);
  });

  it('survive a wrong key length, a missing identifier and damaged ciphertext', async () => {
    const bytes = await readFile(new URL('empty-password-aes-128.pdf', FIXTURES));
    const text = bytes.toString('latin1');
    const damaged = [
      text.replace(/\/Length 128/, '/Length 136'),
      text.replace(/\/ID ?\[[^\]]*\]/, ''),
      text.replace(/stream\n.{5}/s, 'stream\n'),
    ];
    for (const variant of damaged) {
      expect(variant).not.toBe(text);
      const detection = await examined(Buffer.from(variant, 'latin1'));
      expect(detection.findings.map(({ code }) => code)).toContain('document.encrypted');
    }
  });
});

it('judges a scan that only the renderer can decode as the page that shows it', async () => {
  const zone = zoneLines('TD3');
  const picture = await sharp(await drawnIdentity('TD3', { zone }))
    .greyscale()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = picture.info;
  // One bit a pixel is as much beyond the service's own decoders as the codings of scanners are.
  const rows = Buffer.alloc(Math.ceil(width / 8) * height);
  picture.data.forEach((grey, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (grey > 140) rows[y * Math.ceil(width / 8) + (x >> 3)]! |= 0x80 >> (x & 7);
  });
  const pdf = writePdf({
    1: '<</Type /Catalog /Pages 2 0 R>>',
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources <</XObject <</S 5 0 R>>>>>>`,
    4: stream('', `${width} 0 0 ${height} 0 0 cm /S Do`),
    5: stream(
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 1 /ColorSpace /DeviceGray`,
      rows.toString('latin1'),
    ),
  });

  const detection = await examined(pdf);

  expect(detailOf(detection, 'document.mrz_valid')).toMatch(/^Page 1: .*\(TD3\): all 5/);
});
