import { open, type FileHandle } from 'node:fs/promises';

import { readMovie, type MovieFacts } from './iso-movie.js';

/** How a file is built from its blocks, beyond what a player needs. */
export interface ContainerLayout {
  /** Bytes behind the last block that the container knows of; 0 where it fills the file. */
  readonly trailingBytes: number;
  /** Bytes that the last block claims beyond the end of the file. */
  readonly missingBytes: number;
  /** For MP4 and QuickTime. */
  readonly movie: MovieFacts | null;
}

const ISO_TYPES = /^(?:video\/(?:mp4|quicktime|3gpp2?)|audio\/mp4)$/;
const MAX_BOXES = 100_000;
const MAX_MOVIE_BYTES = 64_000_000;

/**
 * Walks the outermost blocks of MP4, QuickTime and WAV files, reading their headers only.
 *
 * @returns null for other containers, and where the first block already makes no sense
 */
export async function readLayout(
  path: string,
  sizeBytes: number,
  mediaType: string,
): Promise<ContainerLayout | null> {
  const isIso = ISO_TYPES.test(mediaType);
  if (!isIso && mediaType !== 'audio/wav') return null;
  const file = await open(path, 'r');
  try {
    return isIso ? await isoLayout(file, sizeBytes) : await riffLayout(file, sizeBytes);
  } finally {
    await file.close();
  }
}

async function isoLayout(file: FileHandle, sizeBytes: number): Promise<ContainerLayout | null> {
  let movie: MovieFacts | null = null;
  let isFragmented = false;
  let at = 0;
  for (let count = 0; at < sizeBytes && count < MAX_BOXES; count += 1) {
    const box = await boxAt(file, at, sizeBytes);
    if (!box) break;
    if (box.type === 'moof') isFragmented = true;
    if (
      box.type === 'moov' &&
      !movie &&
      box.end - box.start <= MAX_MOVIE_BYTES &&
      box.end <= sizeBytes
    ) {
      movie = readMovie(await readAt(file, box.start, box.end - box.start));
    }
    at = box.end;
  }
  if (at === 0) return null;
  return {
    trailingBytes: Math.max(0, sizeBytes - at),
    missingBytes: Math.max(0, at - sizeBytes),
    movie: movie && { ...movie, isFragmented: isFragmented || movie.isFragmented },
  };
}

/** A box of ISO/IEC 14496-12, section 4.2; null where the bytes cannot be one. `start` is that of its content. */
async function boxAt(file: FileHandle, at: number, sizeBytes: number) {
  const head = await readAt(file, at, 16);
  if (head.length < 8) return null;
  const type = head.toString('latin1', 4, 8);
  // Four printable characters; bytes appended by others seldom look like that. Apple writes "©" into some.
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return null;
  const size = head.readUInt32BE(0);
  if (size === 0) return { type, start: at + 8, end: sizeBytes };
  if (size !== 1) return size < 8 ? null : { type, start: at + 8, end: at + size };
  if (head.length < 16) return null;
  const large = Number(head.readBigUInt64BE(8));
  return large < 16 || !Number.isSafeInteger(at + large)
    ? null
    : { type, start: at + 16, end: at + large };
}

async function riffLayout(file: FileHandle, sizeBytes: number): Promise<ContainerLayout | null> {
  const head = await readAt(file, 0, 12);
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF') return null;
  const claimed = head.readUInt32LE(4);
  // Writers that stream leave 0 or the largest number there; the size is then simply not stated.
  if (claimed === 0 || claimed >= 0x7fff_ffff)
    return { trailingBytes: 0, missingBytes: 0, movie: null };
  const end = 8 + claimed + (claimed % 2);
  return {
    trailingBytes: Math.max(0, sizeBytes - end),
    missingBytes: Math.max(0, 8 + claimed - sizeBytes),
    movie: null,
  };
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
