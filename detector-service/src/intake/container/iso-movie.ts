/** What the movie box of an MP4 or QuickTime file says about how the file was made. All of it is claim. */
export interface MovieFacts {
  /** When the movie was made, as it says; null where it says nothing. */
  readonly createdAt: Date | null;
  readonly modifiedAt: Date | null;
  /** The most edits that a track's edit list makes, empty ones not counted: above 1, material was cut without being encoded again. */
  readonly edits: number;
  /** Written in pieces, as cameras of browsers and streaming services do. */
  readonly isFragmented: boolean;
  /** Names that writers give to their tracks: `Core Media Video`, `VideoHandler`. */
  readonly handlers: readonly string[];
}

interface Box {
  readonly type: string;
  readonly content: Buffer;
}

const MAX_TRACKS = 64;
const MAX_BOXES = 4_096;
/** Seconds from the epoch of QuickTime, 1904, to that of Unix, 1970. */
const EPOCH_SECONDS = 2_082_844_800;

/** @param movie content of a `moov` box (ISO/IEC 14496-12, section 8.2) */
export function readMovie(movie: Buffer): MovieFacts {
  const boxes = boxesIn(movie);
  const header = boxes.find(({ type }) => type === 'mvhd')?.content;
  const tracks = boxes.filter(({ type }) => type === 'trak').slice(0, MAX_TRACKS);
  return {
    createdAt: header ? dateIn(header, 0) : null,
    modifiedAt: header ? dateIn(header, 1) : null,
    edits: Math.max(0, ...tracks.map(({ content }) => editsOf(content))),
    isFragmented: boxes.some(({ type }) => type === 'mvex'),
    handlers: tracks.map(({ content }) => handlerOf(content)).filter((name) => name !== ''),
  };
}

function boxesIn(content: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= content.length && boxes.length < MAX_BOXES;) {
    const size = content.readUInt32BE(at);
    if (size < 8) break;
    boxes.push({
      type: content.toString('latin1', at + 4, at + 8),
      content: content.subarray(at + 8, at + size),
    });
    at += size;
  }
  return boxes;
}

function inner(content: Buffer, ...path: readonly string[]): Buffer | null {
  let found: Buffer | null = content;
  for (const name of path) {
    found = found && (boxesIn(found).find(({ type }) => type === name)?.content ?? null);
  }
  return found;
}

/** Version 0 has 32-bit times, version 1 64-bit ones; zero means not stated. */
function dateIn(header: Buffer, place: 0 | 1): Date | null {
  const isLong = header[0] === 1;
  const at = 4 + place * (isLong ? 8 : 4);
  if (header.length < at + (isLong ? 8 : 4)) return null;
  const seconds = isLong ? Number(header.readBigUInt64BE(at)) : header.readUInt32BE(at);
  const date = new Date((seconds - EPOCH_SECONDS) * 1000);
  return seconds === 0 || Number.isNaN(date.getTime()) ? null : date;
}

/** Entries of the edit list with a place in the media; empty ones only delay the track. */
function editsOf(track: Buffer): number {
  const list = inner(track, 'edts', 'elst');
  if (!list || list.length < 8) return 0;
  const isLong = list[0] === 1;
  const entrySize = isLong ? 20 : 12;
  const stored = Math.floor((list.length - 8) / entrySize);
  let edits = 0;
  for (let entry = 0; entry < Math.min(list.readUInt32BE(4), stored); entry += 1) {
    const at = 8 + entry * entrySize;
    const place = isLong ? list.readBigInt64BE(at + 8) : BigInt(list.readInt32BE(at + 4));
    if (place >= 0n) edits += 1;
  }
  return edits;
}

const MAX_HANDLER = 80;

/** A C string in MP4, a Pascal string in QuickTime; control characters go. */
function handlerOf(track: Buffer): string {
  const handler = inner(track, 'mdia', 'hdlr');
  const name = handler?.toString('latin1', 24, 24 + MAX_HANDLER) ?? '';
  return (name.split('\0')[0] ?? '').replace(/[^\x20-\x7e]/g, '').trim();
}
