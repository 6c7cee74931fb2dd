import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { unzipSync, zipSync, type Zippable } from 'fflate';

import { PageRenderer } from '../../detectors/pdf/render.js';
import { encodeJpeg } from '../../intake/image.js';
import type { MadeBytes, VariantSource } from './source.js';

const SCAN_QUALITY = 85;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_UNPACKED_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 25_000;
/** A packed file's time must not depend on when the variant was made; ZIP knows none before 1980. */
const PACKED_AT = '1990-01-01T00:00:00Z';

export const DOCUMENT_VARIANTS = ['resave', 'scan'] as const;
export type DocumentVariant = (typeof DOCUMENT_VARIANTS)[number];

export function isDocumentVariant(name: string): name is DocumentVariant {
  return DOCUMENT_VARIANTS.some((known) => known === name);
}

/** Makes the variant, or says why there is none. */
export async function makeDocumentVariant(
  { path, sizeBytes, mediaType }: VariantSource,
  variant: DocumentVariant,
): Promise<MadeBytes> {
  if (sizeBytes > MOST_BYTES) return { reason: 'too large' };
  const isPdf = mediaType === 'application/pdf';
  if (variant === 'scan') {
    return isPdf ? scan(await readFile(path)) : { reason: 'made of PDF only' };
  }
  if (isPdf) return rewritePdf(path);
  if (/openxmlformats|opendocument/.test(mediaType)) return repack(await readFile(path));
  return { reason: `${mediaType} is not saved again` };
}

/** The first page as a picture, as from a scanner or a screen. */
async function scan(bytes: Buffer): Promise<MadeBytes> {
  const renderer = await PageRenderer.open(bytes);
  if (!renderer) return { reason: 'cannot be opened' };
  try {
    const page = await renderer.render(0);
    return page ? { bytes: await encodeJpeg(page, SCAN_QUALITY) } : { reason: 'cannot be drawn' };
  } finally {
    renderer.close();
  }
}

/** All of it in one revision by another program. Earlier revisions are gone afterwards, and signatures no longer hold. */
function rewritePdf(path: string): Promise<MadeBytes> {
  return new Promise((resolve) => {
    execFile(
      'qpdf',
      ['--deterministic-id', '--object-streams=generate', path, '-'],
      { encoding: 'buffer', maxBuffer: MOST_BYTES, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
      (error, bytes) => {
        // 3: written, with remarks about the original.
        if (!error || error.code === 3) resolve({ bytes });
        else if (error.code === 'ENOENT') resolve({ reason: 'qpdf is not installed' });
        else resolve({ reason: 'qpdf cannot rewrite this document' });
      },
    );
  });
}

/** The same parts in the same order, packed anew. */
function repack(bytes: Buffer): MadeBytes {
  try {
    let unpacked = 0;
    const parts = unzipSync(bytes, {
      filter({ originalSize }) {
        unpacked += originalSize;
        if (unpacked > MOST_UNPACKED_BYTES) throw new RangeError('Too large.');
        return true;
      },
    });
    const packed: Zippable = {};
    for (const [name, part] of Object.entries(parts)) {
      // An OpenDocument package names its type in a first part that is not compressed.
      packed[name] = [part, { level: name === 'mimetype' ? 0 : 9, mtime: PACKED_AT }];
    }
    return { bytes: Buffer.from(zipSync(packed)) };
  } catch {
    // fflate reports every kind of damage by throwing.
    return { reason: 'cannot be unpacked' };
  }
}
