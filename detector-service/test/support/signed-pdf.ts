/** Signs PDF files as signing programs do, with certificates made for the occasion. */
import type { TestSigner } from '../../../scripts/media/test-authority.js';
import { signBytes, type CmsOptions } from './cms-writer.js';
import { stream, updatePdf, writePdf, type PdfObjects, type SavingOptions } from './pdf-writer.js';

/** Room for a signature, in hexadecimal digits. */
const ROOM = 16_000;

/** A page that says something, a form with an empty text field (8), a filled one (9) and a signature field (7). */
export const CONTRACT: PdfObjects = {
  1: '<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R>>',
  2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
  3: '<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources <</Font <</F1 5 0 R>>>> /Contents 4 0 R /Annots [7 0 R 8 0 R 9 0 R]>>',
  4: content('Pay 100 EUR'),
  5: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
  6: '<</Fields [7 0 R 8 0 R 9 0 R] /SigFlags 3 /DR <</Font <</Helv 5 0 R>>>> /DA (/Helv 10 Tf 0 g)>>',
  7: '<</FT /Sig /T (Signature) /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /P 3 0 R>>',
  8: '<</FT /Tx /T (Remark) /Type /Annot /Subtype /Widget /F 4 /Rect [20 20 140 40] /P 3 0 R>>',
  9: '<</FT /Tx /T (Payee) /V (Alice) /Type /Annot /Subtype /Widget /F 4 /Rect [150 20 280 40] /P 3 0 R /AP <</N 10 0 R>>>>',
  10: appearance('Alice'),
};

/** What a page says, in large letters. */
export function content(text: string): string {
  return stream('', `BT /F1 24 Tf 20 120 Td (${text}) Tj ET`);
}

/** What a text field shows. */
export function appearance(text: string): string {
  return stream(
    '/Type /XObject /Subtype /Form /BBox [0 0 130 20] /Resources <</Font <</Helv 5 0 R>>>>',
    `BT /Helv 12 Tf 2 5 Td (${text}) Tj ET`,
  );
}

export interface SignOptions extends SavingOptions {
  /** Number of the signature field. */
  readonly field?: number;
  /** Number of the new signature object. */
  readonly number?: number;
  /** Further entries of the signature: `/Reference [...]`. */
  readonly entries?: string;
  readonly objects?: PdfObjects;
  readonly cms?: CmsOptions;
  /** Makes the value that is put into the document, where that is no signature of `signer`; a time stamp, say. */
  readonly value?: (parts: readonly Buffer[]) => Promise<Buffer>;
}

export function contract(): Buffer {
  return writePdf(CONTRACT);
}

/** Certifies a document: its author says what may follow. */
export function certification(permission: 1 | 2 | 3): string {
  return `/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /P ${permission} /V /1.2>>>>]`;
}

/** Signs everything before, as one more saving. */
export async function signPdf(
  base: Buffer,
  signer: TestSigner,
  {
    field = 7,
    number = 20,
    entries = '',
    objects = {},
    cms: options = {},
    value = (parts) => signBytes(parts, signer, options),
    ...saving
  }: SignOptions = {},
): Promise<Buffer> {
  const kind = /\/SubFilter\b/.test(entries) ? '' : '/Type /Sig /SubFilter /adbe.pkcs7.detached';
  const signature =
    `<<${kind} /Filter /Adobe.PPKLite ${entries} ` +
    `/ByteRange [0 ********** ********** **********] /Contents <${'0'.repeat(ROOM)}>>>`;
  const widget = (CONTRACT[field] ?? '').replace(/>>$/, ` /V ${number} 0 R>>`);
  const saved = updatePdf(base, { [field]: widget, [number]: signature, ...objects }, saving);
  const start = saved.indexOf(`<${'0'.repeat(ROOM)}>`, base.length);
  const end = start + ROOM + 2;
  const range = [start, end, saved.length - end].map((item) => String(item).padEnd(10));
  saved.write(`[0 ${range.join(' ')}]`, saved.indexOf('[0 **********', base.length), 'latin1');
  const cms = await value([saved.subarray(0, start), saved.subarray(end)]);
  saved.write(cms.toString('hex'), start + 1, 'latin1');
  return saved;
}
