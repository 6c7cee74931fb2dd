import { X509Certificate } from 'node:crypto';

import { createPdfDetector } from '../../../src/detectors/pdf/detector.js';
import type { Detection } from '../../../src/detectors/types.js';
import { fuse } from '../../../src/verdict/fuse.js';
import {
  makeTestAuthority,
  type TestAuthority,
  type TestSigner,
} from '../../../../scripts/media/test-authority.js';
import { lastXref, pad, stream, updatePdf, writePdf } from '../../support/pdf-writer.js';
import { documentSubject } from '../../support/document-subject.js';
import {
  appearance,
  certification,
  content,
  contract,
  CONTRACT,
  signPdf,
} from '../../support/signed-pdf.js';

let authority: TestAuthority;
let signer: TestSigner;
let signed: Buffer;

beforeAll(async () => {
  authority = await makeTestAuthority();
  signer = await authority.issue('Notary Example');
  signed = await signPdf(contract(), signer);
});

function judge(pdf: Buffer, anchors: readonly X509Certificate[] = []): Promise<Detection> {
  const detector = createPdfDetector(
    { detectors: [], readMarks: () => Promise.resolve([]) },
    { signers: anchors, timeStamps: [] },
  );
  return detector.run(documentSubject(pdf));
}

async function codesOf(pdf: Buffer): Promise<string[]> {
  return (await judge(pdf)).findings.map(({ code }) => code);
}

/** Field 7, signed as `signPdf` left it. */
const SIGNED_FIELD = (CONTRACT[7] ?? '').replace(/>>$/, ' /V 20 0 R>>');

/** Text of the second signature field, and a page and form that know it. */
const SECOND_FIELD = {
  3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
  6: (CONTRACT[6] ?? '').replace('9 0 R]', '9 0 R 30 0 R]'),
  30: '<</FT /Sig /T (Second) /Type /Annot /Subtype /Widget /F 132 /Rect [150 60 280 100] /P 3 0 R /V 31 0 R>>',
};

describe('an intact signature', () => {
  it('is reported with its signer and argues nothing where no list names them', async () => {
    const { findings } = await judge(signed);
    const valid = findings.find(({ code }) => code === 'document.signature_valid');
    expect(valid?.detail).toContain('Notary Example');
    expect(fuse(findings)).toBe('not_evaluated');
  });

  it('makes a document authentic where its issuer is trusted', async () => {
    const { findings } = await judge(signed, [new X509Certificate(authority.pem)]);
    expect(fuse(findings)).toBe('authentic');
  });

  it('is not trusted through a certificate of the same name from another authority', async () => {
    const other = await makeTestAuthority();
    const { findings } = await judge(signed, [new X509Certificate(other.pem)]);
    expect(fuse(findings)).toBe('not_evaluated');
  });

  it('says that a certificate had expired, and does not call the document tampered', async () => {
    const expired = await authority.issue('Old Notary', {
      from: new Date('2020-01-01T00:00:00Z'),
      to: new Date('2021-01-01T00:00:00Z'),
    });
    const { findings } = await judge(await signPdf(contract(), expired), [
      new X509Certificate(authority.pem),
    ]);
    expect(findings.map(({ code }) => code)).toContain('document.signature_expired');
    expect(fuse(findings)).toBe('not_evaluated');
  });
});

describe('what a signature allows later', () => {
  const allowed: [string, () => Buffer | Promise<Buffer>][] = [
    ['filling in an empty field', () => filled(signed)],
    [
      'certificates and revocation data for checks in years to come',
      () =>
        updatePdf(signed, {
          1: '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS 40 0 R>>',
          40: '<</Type /DSS /Certs [41 0 R]>>',
          41: stream('', 'certificate'),
        }),
    ],
    [
      'new document properties',
      () =>
        updatePdf(signed, { 50: '<</Producer (Some Archive 1.0)>>' }, { trailer: '/Info 50 0 R' }),
    ],
    [
      'a second signature in a new field',
      () =>
        signPdf(signed, signer, {
          field: 7,
          number: 31,
          objects: { ...SECOND_FIELD, 7: SIGNED_FIELD },
        }),
    ],
    [
      'a note beside the text',
      () =>
        updatePdf(signed, {
          3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 60 0 R]'),
          60: '<</Type /Annot /Subtype /Text /Rect [0 180 18 198] /Contents (Seen.)>>',
        }),
    ],
    [
      'the same page saved again in other objects',
      () =>
        updatePdf(signed, {
          3: (CONTRACT[3] ?? '').replace('/Contents 4 0 R', '/Contents [70 0 R]'),
          70: content('Pay 100 EUR'),
        }),
    ],
  ];

  it.each(allowed)('allows %s', async (_, make) => {
    const { findings } = await judge(await make());
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(findings.map(({ code }) => code)).toContain('document.signature_valid');
  });

  function filled(base: Buffer): Buffer {
    return updatePdf(base, {
      8: (CONTRACT[8] ?? '').replace('/T (Remark)', '/T (Remark) /V (Fine) /AP <</N 45 0 R>>'),
      45: appearance('Fine'),
    });
  }

  it('forbids filling in where the author of a certified document did', async () => {
    const certified = await signPdf(contract(), signer, { entries: certification(1) });
    expect(await codesOf(filled(certified))).toContain('document.changed_after_signing');
    const open = await signPdf(contract(), signer, { entries: certification(2) });
    expect(await codesOf(filled(open))).toContain('document.updated_after_signing');
  });

  it('forbids filling in a field that the signature closed', async () => {
    const lock =
      '/Reference [<</TransformMethod /FieldMDP /TransformParams <</Action /Include /Fields [(Remark)]>>>>]';
    expect(await codesOf(filled(await signPdf(contract(), signer, { entries: lock })))).toContain(
      'document.changed_after_signing',
    );
  });
});

describe('attacks on a signed document', () => {
  it('finds one changed byte, and calls it tampered', async () => {
    const forged = Buffer.from(signed);
    forged.write('9', forged.indexOf('Pay 100') + 4, 'latin1');
    const { findings } = await judge(forged);
    expect(findings.map(({ code }) => code)).toContain('document.signature_broken');
    expect(fuse(findings)).toBe('tampered');
  });

  it('finds content replaced by a later saving and shows the page before and after', async () => {
    const { findings, evidence } = await judge(updatePdf(signed, { 4: content('Pay 900 EUR') }));
    expect(fuse(findings)).toBe('tampered');
    const finding = findings.find(({ code }) => code === 'document.changed_after_signing');
    expect(finding?.detail).toContain('page 1');
    expect(finding?.evidence.map(({ name }) => name)).toEqual([
      'page-1-changed.png',
      'page-1-signed.jpg',
    ]);
    expect(evidence.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['page-1-changed.png', 'page-1-signed.jpg']),
    );
  });

  const visible: [string, () => Buffer][] = [
    [
      'a font swapped for another',
      () => updatePdf(signed, { 5: '<</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>' }),
    ],
    [
      'a page taken away',
      () => updatePdf(signed, { 2: '<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>' }),
    ],
    [
      'a page turned',
      () =>
        updatePdf(signed, {
          3: (CONTRACT[3] ?? '').replace('/Type /Page ', '/Type /Page /Rotate 90 '),
        }),
    ],
    [
      'a value that was signed overwritten',
      () =>
        updatePdf(signed, {
          9: (CONTRACT[9] ?? '').replace('Alice', 'Mallory'),
          10: appearance('Mallory'),
        }),
    ],
    [
      'a field that shows something else under the same value',
      () => updatePdf(signed, { 10: appearance('Mallory') }),
    ],
  ];
  it.each(visible)('finds %s', async (_, make) => {
    const { findings } = await judge(make());
    expect(findings.map(({ code }) => code)).toContain('document.changed_after_signing');
    expect(fuse(findings)).toBe('tampered');
  });

  it('finds a widget that belongs to no field', async () => {
    const forged = updatePdf(signed, {
      3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 60 0 R]'),
      60: '<</Type /Annot /Subtype /Widget /FT /Tx /F 4 /Rect [10 100 290 150] /AP <</N 61 0 R>>>>',
      61: stream('/Type /XObject /Subtype /Form /BBox [0 0 280 50]', '1 0 0 rg 0 0 280 50 re f'),
    });
    expect(await codesOf(forged)).toContain('document.unexplained_revision');
  });

  it('finds a text box drawn over a signed page', async () => {
    const forged = updatePdf(signed, {
      3: (CONTRACT[3] ?? '').replace('9 0 R]', '9 0 R 60 0 R]'),
      60: '<</Type /Annot /Subtype /FreeText /Rect [10 100 290 150] /DA (/Helv 20 Tf) /Contents (Pay 900) /AP <</N 61 0 R>>>>',
      61: stream('/Type /XObject /Subtype /Form /BBox [0 0 280 50]', '1 1 1 rg 0 0 280 50 re f'),
    });
    expect(await codesOf(forged)).toContain('document.overlaid_after_signing');
    const certified = await signPdf(contract(), signer, { entries: certification(2) });
    expect(await codesOf(Buffer.concat([certified, forged.subarray(signed.length)]))).not.toContain(
      'document.updated_after_signing',
    );
  });

  it('finds a replaced object that something unknown uses as well', async () => {
    const base = writePdf({
      ...CONTRACT,
      1: '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /FooBar 80 0 R>>',
      80: '<</A 1>>',
    });
    const forged = updatePdf(await signPdf(base, signer), { 80: '<</A 2>>' });
    expect(await codesOf(forged)).toContain('document.unexplained_revision');
  });

  it('finds a script that a later saving adds', async () => {
    const codes = await codesOf(
      updatePdf(signed, {
        1: '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>',
      }),
    );
    expect(codes).toEqual(
      expect.arrayContaining(['document.unexplained_revision', 'document.active_content']),
    );
  });

  it('finds objects behind the signature that no cross-reference section knows', async () => {
    const forged = Buffer.concat([
      signed,
      Buffer.from(`4 0 obj\n${content('Pay 900 EUR')}\nendobj\n`),
    ]);
    expect(await codesOf(forged)).toContain('document.unexplained_revision');
  });

  it('finds a signature wrapped around foreign objects', async () => {
    expect(await codesOf(await wrapped())).toContain('document.signature_coverage');
  });

  /** The signed bytes stay as they are, the second part moved back; a new signature object with a wider gap and new content stand between. */
  async function wrapped(): Promise<Buffer> {
    const filler = { 90: stream('', ' '.repeat(20_000)) };
    const honest = await signPdf(contract(), signer, { objects: filler });
    const range = /ByteRange \[0 (\d+)\s+(\d+)\s+(\d+)/.exec(honest.toString('latin1'));
    const [, first = 0, second = 0, length = 0] = (range ?? []).map(Number);
    const xrefAt = lastXref(honest);
    const value = honest.toString('latin1', first, second);
    const moved = xrefAt + 2_000;
    const range2 = `[0 ${first} ${moved} ${length}]`;
    const objects: [number, string][] = [
      [7, SIGNED_FIELD],
      [4, content('Pay 900 EUR')],
      [
        20,
        `<</Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange ${range2} /Contents ${value}>>`,
      ],
    ];
    let middle = '';
    const offsets = objects.map(([number, body]) => {
      const at = second + middle.length;
      middle += `${number} 0 obj\n${body}\nendobj\n`;
      return `${number} 1\n${pad(at)} 00000 n \n`;
    });
    middle = middle.padEnd(xrefAt - second, ' ');
    middle += `xref\n0 1\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Root 1 0 R /Size 100 /Prev ${lastXref(contract())}>>\n`;
    middle = middle.padEnd(moved - second, ' ');
    return Buffer.concat([
      honest.subarray(0, second),
      Buffer.from(middle, 'latin1'),
      honest.subarray(second),
    ]);
  }

  const empty: [string, (text: string) => string][] = [
    [
      'no byte range',
      (text) =>
        text.replace(/\/ByteRange \[[^\]]*\]/, (found) => found.replace('ByteRange', 'ByteRanje')),
    ],
    [
      'an empty byte range',
      (text) =>
        text.replace(
          /\/ByteRange \[[^\]]*\]/,
          (found) => `/ByteRange [0 0 0 0]${' '.repeat(found.length - 20)}`,
        ),
    ],
    [
      'a value of zeros',
      (text) =>
        text.replace(
          /\/Contents <[0-9a-f]+>/,
          (found) => `/Contents <${'0'.repeat(found.length - 12)}>`,
        ),
    ],
    ['no value', (text) => text.replace('/Contents <', '/Konten__ <')],
  ];
  it.each(empty)('finds a signature with %s', async (_, forge) => {
    const codes = await codesOf(Buffer.from(forge(signed.toString('latin1')), 'latin1'));
    expect(codes).toContain('document.signature_coverage');
    expect(codes).not.toContain('document.signature_valid');
  });
});

describe('preparations of shadow attacks', () => {
  it('finds two versions of an object in the saving that was signed', async () => {
    const twice = contract();
    const at = twice.indexOf('4 0 obj');
    const hidden = Buffer.from(`4 0 obj\n${content('Pay 900 EUR')}\nendobj\n`, 'latin1');
    // Behind the first version and before the cross-reference table, whose offsets are mended.
    const text = Buffer.concat([twice.subarray(0, at), hidden, twice.subarray(at)]).toString(
      'latin1',
    );
    const mended = text
      .replace(
        /^(\d{10})( 00000 n)/gm,
        (_, offset: string, rest: string) =>
          `${pad(Number(offset) >= at ? Number(offset) + hidden.length : Number(offset))}${rest}`,
      )
      .replace(
        /startxref\n(\d+)/,
        (_, offset: string) => `startxref\n${Number(offset) + hidden.length}`,
      );
    const prepared = await signPdf(Buffer.from(mended, 'latin1'), signer);
    expect(await codesOf(prepared)).toContain('document.hidden_content');
  });

  it('finds a page that no page tree holds', async () => {
    const spare = {
      95: (CONTRACT[3] ?? '').replace('4 0 R', '96 0 R'),
      96: content('Pay 900 EUR'),
    };
    const prepared = await signPdf(writePdf({ ...CONTRACT, ...spare }), signer);
    expect(await codesOf(prepared)).toContain('document.hidden_content');
  });

  it('finds something drawable under a key that no reader knows', async () => {
    const base = writePdf({
      ...CONTRACT,
      1: '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /FooBar [10 0 R]>>',
    });
    expect(await codesOf(base)).toContain('document.hidden_content');
    expect(await codesOf(contract())).not.toContain('document.hidden_content');
  });
});
