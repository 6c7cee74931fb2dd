import { crc32, deflateRawSync } from 'node:zlib';

/** Minimal files of formats that no image library writes. Their sound and video is never decoded by those who use them. */

/** Bytes without any pattern that a format could mistake for structure of its own. */
export function filler(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => 16 + ((i * 37 + (i >> 5)) % 96)));
}

export function makeSvg(): Buffer {
  const marks = Array.from(
    { length: 20 },
    (_, i) => `<rect x="${i}" y="${i * 2}" width="3" height="2" fill="#3${i % 10}7"/>`,
  );
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">${marks.join('')}</svg>`,
  );
}

export function makePdf(): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>',
    '<</Length 42>>\nstream\nBT /F1 12 Tf 20 50 Td (Sum: 100 EUR) Tj ET\nendstream',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const start = text.length;
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  text += `trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** A box of the ISO base media format: its size, its name, its content. */
export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

export function makeJpegXl(): Buffer {
  const signature = Buffer.from('0000000c4a584c200d0a870a', 'hex');
  return Buffer.concat([
    signature,
    box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')),
    box('jxlc', Buffer.from([0xff, 0x0a]), filler(300)),
  ]);
}

/** A movie of no tracks, and data that no track shows. @param extra boxes at the end of `moov` */
export function makeMovie(brand: string, extra: Uint8Array = new Uint8Array(0)): Buffer {
  const header = Buffer.alloc(100);
  header.writeUInt32BE(1000, 12);
  header.writeUInt32BE(1000, 16);
  header.writeUInt32BE(0x00010000, 20);
  header.writeUInt16BE(0x0100, 24);
  for (const [at, value] of [
    [36, 0x00010000],
    [52, 0x00010000],
    [68, 0x40000000],
    [96, 1],
  ] as const) {
    header.writeUInt32BE(value, at);
  }
  return Buffer.concat([
    box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}`, 'latin1')),
    box('moov', box('mvhd', header), extra),
    box('mdat', filler(600)),
  ]);
}

/** A RIFF chunk: its name, its size, its content, padded to an even length. */
export function chunk(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** A second of 8 kHz sound. @param extra chunks before the sound */
export function makeWav(...extra: readonly Uint8Array[]): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(16000, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  return chunk(
    'RIFF',
    Buffer.from('WAVE', 'latin1'),
    chunk('fmt ', format),
    ...extra,
    chunk('data', filler(1600)),
  );
}

export function makeAvi(): Buffer {
  const header = Buffer.alloc(56);
  header.writeUInt32LE(100_000, 0);
  header.writeUInt32LE(64, 32);
  header.writeUInt32LE(64, 36);
  return chunk(
    'RIFF',
    Buffer.from('AVI ', 'latin1'),
    chunk('LIST', Buffer.from('hdrl', 'latin1'), chunk('avih', header)),
    chunk('LIST', Buffer.from('movi', 'latin1'), chunk('00dc', filler(600))),
  );
}

/** Twenty frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, without sound in them. */
export function makeMp3(): Buffer {
  const frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), filler(413)]);
  return Buffer.concat(Array.from({ length: 20 }, () => frame));
}

/** @param blocks metadata blocks after STREAMINFO, as [type, content] */
export function makeFlac(...blocks: readonly (readonly [number, Uint8Array])[]): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(4096, 0);
  info.writeUInt16BE(4096, 2);
  info.writeUInt32BE(0x0ac442f0, 10);
  const all = [[0, info] as const, ...blocks];
  const written = all.map(([type, content], i) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(content.length, 0);
    head[0] = type | (i === all.length - 1 ? 0x80 : 0);
    return Buffer.concat([head, content]);
  });
  return Buffer.concat([
    Buffer.from('fLaC', 'latin1'),
    ...written,
    Buffer.from([0xff, 0xf8]),
    filler(600),
  ]);
}

/** Stored, since the reader inflates nothing. */
export function makeDocx(): Buffer {
  const entries = {
    '[Content_Types].xml':
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="x"><w:t>${filler(300).toString('base64')}</w:t></w:document>`,
  };
  return makeZip(entries, false);
}

/** A zip archive. @param isDeflated otherwise its entries are stored as they are */
export function makeZip(entries: Readonly<Record<string, string>>, isDeflated = true): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = isDeflated ? deflateRawSync(content) : Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(isDeflated ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(content), 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04', 'latin1'),
      fields,
      Buffer.from(name),
      packed,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    locals.push(local);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, Buffer.from(name)]),
    );
    at += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
