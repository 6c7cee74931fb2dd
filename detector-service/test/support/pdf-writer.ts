/** Writes small PDF files: a first saving, later savings behind it, and each object wherever a test wants it. */

/** Objects by number: what stands between `obj` and `endobj`. */
export type PdfObjects = Readonly<Record<number, string>>;

export interface SavingOptions {
  /** Further entries of the trailer: `/FooBar 9 0 R`. */
  readonly trailer?: string;
  /** Numbers of objects that are no longer there. */
  readonly freed?: readonly number[];
  readonly root?: number;
}

export function stream(dict: string, data: string): string {
  return `<<${dict} /Length ${Buffer.byteLength(data, 'latin1')}>>\nstream\n${data}\nendstream`;
}

export function writePdf(objects: PdfObjects, options: SavingOptions = {}): Buffer {
  return savedAgain(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), objects, options, null);
}

/** The document with one more saving behind it. */
export function updatePdf(base: Buffer, objects: PdfObjects, options: SavingOptions = {}): Buffer {
  return savedAgain(base, objects, options, lastXref(base));
}

function savedAgain(
  base: Buffer,
  objects: PdfObjects,
  { trailer = '', freed = [], root = 1 }: SavingOptions,
  previous: number | null,
): Buffer {
  const parts: Buffer[] = [base];
  let at = base.length;
  const offsets = new Map<number, number>();
  const write = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1');
    parts.push(bytes);
    at += bytes.length;
  };
  for (const [number, body] of Object.entries(objects)) {
    offsets.set(Number(number), at);
    write(`${number} 0 obj\n${body}\nendobj\n`);
  }
  const xref = at;
  write('xref\n0 1\n0000000000 65535 f \n');
  for (const [number, offset] of offsets) write(`${number} 1\n${pad(offset)} 00000 n \n`);
  for (const number of freed) write(`${number} 1\n0000000000 00001 f \n`);
  const chain = previous === null ? '' : `/Prev ${previous} `;
  write(`trailer\n<</Root ${root} 0 R /Size 100 ${chain}${trailer}>>\nstartxref\n${xref}\n%%EOF\n`);
  return Buffer.concat(parts);
}

export function lastXref(pdf: Buffer): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString('latin1'))?.[1]);
}

export function pad(offset: number): string {
  return String(offset).padStart(10, '0');
}
