import { decodeLoose } from './collect.js';
import { jpegSegments } from './xmp-packets.js';

const MAX_COMMENTS = 20;

/** The comment segments of a JPEG, joined. */
export function jpegComment(jpeg: Buffer): string {
  const comments: string[] = [];
  for (const segment of jpegSegments(jpeg, 0xfe)) {
    if (comments.length === MAX_COMMENTS) break;
    comments.push(decodeLoose(segment));
  }
  return comments.join('\n');
}

const EXTENSION = 0x21;
const COMMENT = 0xfe;
const IMAGE = 0x2c;
const MAX_BLOCKS = 2_000;

/** The comment extensions of a GIF, joined: sub-blocks of at most 255 bytes, ended by an empty one. */
export function gifComment(gif: Buffer): string {
  const comments: string[] = [];
  let at = 13 + colourTable(gif[10] ?? 0);
  for (let blocks = 0; at < gif.length && blocks < MAX_BLOCKS; blocks += 1) {
    const kind = gif[at];
    if (kind === EXTENSION) {
      const isComment = gif[at + 1] === COMMENT;
      const { data, end } = subBlocks(gif, at + 2);
      if (isComment && comments.length < MAX_COMMENTS) comments.push(decodeLoose(data));
      at = end;
    } else if (kind === IMAGE) {
      // After the descriptor: a colour table of its own, one byte of code size, the pixels.
      at = subBlocks(gif, at + 10 + colourTable(gif[at + 9] ?? 0) + 1).end;
    } else {
      break;
    }
  }
  return comments.join('\n');
}

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

function subBlocks(gif: Buffer, from: number): { data: Buffer; end: number } {
  const parts: Buffer[] = [];
  let at = from;
  for (let size = gif[at]; size !== undefined && size > 0; size = gif[at]) {
    parts.push(gif.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return { data: Buffer.concat(parts), end: at + 1 };
}
