import { decodeLoose } from './collect.js';

/** Boxes that hold tags, and those on the way to them. Everything else is skipped unread. */
const CONTAINERS = new Set(['moov', 'udta', 'meta', 'ilst', 'trak']);
const MAX_DEPTH = 8;
const MAX_BOXES = 5_000;
const MAX_TAG_BYTES = 1_000_000;

interface Box {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * The text tags of an MP4, MOV or M4A file, by tag name: iTunes items (`©too`), items with a name of their own (`----`), QuickTime keys
 * (`com.apple.quicktime.software`) and QuickTime user data.
 */
export function isoMediaTexts(bytes: Buffer): [string, string][] {
  const walk = new TagWalk();
  walk.into(bytes, 0, null);
  return walk.tags;
}

class TagWalk {
  readonly tags: [string, string][] = [];
  private left = MAX_BOXES;
  private keys: readonly string[] = [];

  into(content: Buffer, depth: number, parent: string | null): void {
    if (depth > MAX_DEPTH) return;
    for (const box of boxes(content)) {
      if ((this.left -= 1) < 0) return;
      if (parent === 'ilst') this.item(box);
      else if (box.type === 'keys') this.keys = keyNames(box.content);
      else if (CONTAINERS.has(box.type)) this.into(inner(box), depth + 1, box.type);
      else if (parent === 'udta' && box.type.startsWith('\xa9')) this.userData(box);
    }
  }

  private item({ type, content }: Box): void {
    let name = this.keys[Buffer.from(type, 'latin1').readUInt32BE(0) - 1] ?? type;
    for (const part of boxes(content)) {
      if (part.type === 'name') name = part.content.toString('utf8', 4);
      if (part.type === 'data' && part.content.length <= MAX_TAG_BYTES && isText(part.content)) {
        this.tags.push([name, decodeLoose(part.content.subarray(8))]);
      }
    }
  }

  /** QuickTime user data: length and language, then the text. */
  private userData({ type, content }: Box): void {
    if (content.length < 4) return;
    const length = Math.min(content.readUInt16BE(0), content.length - 4);
    this.tags.push([type, decodeLoose(content.subarray(4, 4 + length))]);
  }
}

/** UTF-8, or of no declared type. */
function isText(data: Buffer): boolean {
  return data.length >= 8 && [0, 1].includes(data.readUInt32BE(0));
}

/** `meta` has four bytes of version and flags in MP4, and none in QuickTime. */
function inner({ type, content }: Box): Buffer {
  if (type !== 'meta' || content.length < 8) return content;
  return content.toString('latin1', 4, 8) === 'hdlr' ? content : content.subarray(4);
}

function keyNames(content: Buffer): string[] {
  return boxes(content.subarray(8)).map((key) => key.content.toString('utf8'));
}

function boxes(content: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= content.length && found.length < MAX_BOXES;) {
    const short = content.readUInt32BE(at);
    const isLong = short === 1 && at + 16 <= content.length;
    const size = isLong
      ? Number(content.readBigUInt64BE(at + 8))
      : short === 0
        ? content.length - at
        : short;
    const header = isLong ? 16 : 8;
    if (size < header) break;
    const end = Math.min(at + size, content.length);
    found.push({
      type: content.toString('latin1', at + 4, at + 8),
      content: content.subarray(at + header, end),
    });
    at += size;
  }
  return found;
}
