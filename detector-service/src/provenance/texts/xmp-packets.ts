import { MAX_TEXT_BYTES } from './collect.js';

/** XMP is stored as plain text in every container but compressed PNG chunks, so it can be found wherever it lies (XMP specification, part 3). */
const START = Buffer.from('<rdf:RDF', 'latin1');
const END = Buffer.from('</rdf:RDF>', 'latin1');
const MAX_PACKETS = 8;
/** How the XMP of a JPEG starts; within a document it belongs to a picture in it, not to the document. */
const JPEG_HEADER = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const HEADER_REACH = 400;

/**
 * All XMP packets of a file, joined. Extended XMP of a JPEG is put together from its segments.
 *
 * @param mediaType decides what is skipped: in a PDF, the packets of pictures inside
 */
export function xmpPackets(bytes: Buffer, mediaType: string): string {
  const packets: string[] = [];
  const isDocument = mediaType === 'application/pdf';
  for (let at = 0; packets.length < MAX_PACKETS;) {
    const start = bytes.indexOf(START, at);
    if (start < 0) break;
    const end = bytes.indexOf(END, start);
    if (end < 0) break;
    at = end + END.length;
    if (at - start > MAX_TEXT_BYTES) continue;
    const isOfPicture =
      isDocument && bytes.subarray(Math.max(0, start - HEADER_REACH), start).includes(JPEG_HEADER);
    if (!isOfPicture) packets.push(bytes.toString('utf8', start, at));
  }
  if (mediaType === 'image/jpeg') packets.push(extendedXmp(bytes));
  return packets.filter((packet) => packet !== '').join('\n');
}

const EXTENSION = Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1');
/** After the name: a digest of 32 characters, the full length, the offset of this part. */
const PART_HEADER = EXTENSION.length + 40;

/** Extended XMP: parts of one packet in several APP1 segments, in any order. Overlong or incomplete packets are left out. */
function extendedXmp(jpeg: Buffer): string {
  let whole: Buffer | null = null;
  let missing = 0;
  for (const segment of jpegSegments(jpeg, 0xe1)) {
    if (segment.length < PART_HEADER || !segment.subarray(0, EXTENSION.length).equals(EXTENSION)) {
      continue;
    }
    const length = segment.readUInt32BE(PART_HEADER - 8);
    const offset = segment.readUInt32BE(PART_HEADER - 4);
    if (length > MAX_TEXT_BYTES) return '';
    if (!whole) {
      whole = Buffer.alloc(length);
      missing = length;
    }
    const part = segment.subarray(PART_HEADER);
    if (whole.length !== length || offset + part.length > length) return '';
    part.copy(whole, offset);
    missing -= part.length;
  }
  return whole && missing === 0 ? whole.toString('utf8') : '';
}

/** The contents of a JPEG's segments with one marker, up to the pixels. */
export function* jpegSegments(jpeg: Buffer, marker: number): Generator<Buffer> {
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff;) {
    const found = jpeg[at + 1] ?? 0;
    if (found === 0xda || found === 0xd9) return;
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (found === marker) yield jpeg.subarray(at + 4, end);
    at = end;
  }
}
