import { deflateSync, gzipSync } from 'node:zlib';

import sharp, { type Sharp } from 'sharp';

import { findGeneratorMark, hiddenMark } from '../../src/provenance/generator-marks.js';
import { isGeneratorAsAuthor, namesGenerator } from '../../src/provenance/generators.js';
import { shortSourceType } from '../../src/provenance/digital-source-type.js';
import { readMetadata } from '../../src/provenance/metadata.js';
import { stealthText, type Samples } from '../../src/provenance/stealth-text.js';
import {
  box,
  chunk,
  filler,
  makeFlac,
  makeMovie,
  makeMp3,
  makePdf,
  makeWav,
} from '../../../scripts/media/containers.js';
import { DIFFUSION_PARAMETERS, insertPngText } from '../../../scripts/media/samples.js';

const square = (): Sharp =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: '#336699' } });
const COMFY = '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}';
const AI = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const JOB = 'a cat --v 6 Job ID: 0b5d2b9c-94c5-4b3c-8e0b-2f1f8f8f8f8f';

const png = async (key: string, text: string): Promise<Buffer> =>
  insertPngText(await square().png().toBuffer(), key, text);

function xmp(properties: string, elements = ''): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" ${properties}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}
const AI_XMP = xmp(`Iptc4xmpExt:DigitalSourceType="${AI}"`);

const exif = (tags: Record<string, string>): Promise<Buffer> =>
  square().webp().withExif({ IFD0: tags }).toBuffer();
const withXmp = (packet: string): Promise<Buffer> => square().jpeg().withXmp(packet).toBuffer();

/** ID3v2.3 with Latin-1 frames. */
function id3(frames: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.concat(
    Object.entries(frames).map(([name, content]) => {
      const head = Buffer.alloc(10);
      head.write(name, 0, 'latin1');
      head.writeUInt32BE(content.length, 4);
      return Buffer.concat([head, Buffer.from(content, 'latin1')]);
    }),
  );
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  for (let i = 0; i < 4; i += 1) head[9 - i] = (body.length >> (7 * i)) & 0x7f;
  return Buffer.concat([head, body, makeMp3()]);
}

function vorbis(vendor: string, ...comments: readonly string[]): Buffer {
  const field = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const count = Buffer.alloc(4);
  count.writeUInt32LE(comments.length);
  return Buffer.concat([field(vendor), count, ...comments.map(field)]);
}

function ogg(packet: Buffer): Buffer {
  const segments = [
    ...Array<number>(Math.floor(packet.length / 255)).fill(255),
    packet.length % 255,
  ];
  return Buffer.concat([
    Buffer.from('OggS', 'latin1'),
    Buffer.alloc(22),
    Buffer.from([segments.length, ...segments]),
    packet,
  ]);
}

const dataAtom = (text: string): Buffer =>
  box('data', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), Buffer.from(text));
const meta = (...items: readonly Buffer[]): Buffer =>
  box('udta', box('meta', Buffer.alloc(4), box('hdlr', Buffer.alloc(25)), box('ilst', ...items)));
const movie = (...items: readonly Buffer[]): Buffer => makeMovie('isom', meta(...items));
const info = (id: string, text: string): Buffer =>
  chunk('LIST', Buffer.from('INFO', 'latin1'), chunk(id, Buffer.from(text)));

function gif(comment: string): Promise<Buffer> {
  const block = Buffer.concat([
    Buffer.from([0x21, 0xfe, comment.length]),
    Buffer.from(comment, 'latin1'),
    Buffer.from([0]),
  ]);
  return square()
    .gif()
    .toBuffer()
    .then((bytes) => {
      const flags = bytes[10] as number;
      const at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
      return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at)]);
    });
}

async function jpegComment(text: string): Promise<Buffer> {
  const bytes = await square().jpeg().toBuffer();
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), head, Buffer.from(text), bytes.subarray(2)]);
}

/** Compressed text chunks of PNG: zTXt as it is, iTXt with its flags. */
async function compressedPng(type: 'zTXt' | 'iTXt', key: string, text: string): Promise<Buffer> {
  const packed = deflateSync(text);
  const between = type === 'zTXt' ? [0] : [1, 0, 0, 0];
  const content = Buffer.concat([Buffer.from(between), packed]).toString('latin1');
  const bytes = insertPngText(await square().png().toBuffer(), key, content);
  bytes.write(type, bytes.indexOf('tEXt', 0, 'latin1'), 'latin1');
  return bytes;
}

type Made = () => Promise<Buffer> | Buffer;

describe('marks of generators', () => {
  it.each<[string, string, string, Made]>([
    [
      'Stable Diffusion',
      'zTXt',
      'image/png',
      () => compressedPng('zTXt', 'parameters', DIFFUSION_PARAMETERS),
    ],
    [
      'Stable Diffusion',
      'iTXt',
      'image/png',
      () => compressedPng('iTXt', 'parameters', DIFFUSION_PARAMETERS),
    ],
    ['Stable Diffusion', 'a JPEG comment', 'image/jpeg', () => jpegComment(DIFFUSION_PARAMETERS)],
    ['Stable Diffusion', 'a GIF comment', 'image/gif', () => gif(DIFFUSION_PARAMETERS.slice(-180))],
    [
      'ComfyUI',
      'PNG workflow',
      'image/png',
      () => png('workflow', '{"nodes":[{"id":1,"type":"KSampler"}],"links":[]}'),
    ],
    ['ComfyUI', 'WebP EXIF', 'image/webp', () => exif({ Make: `workflow:${COMFY}` })],
    [
      'ComfyUI',
      'MP4 comment',
      'video/mp4',
      () => movie(box('©cmt'.replace('©', '\xa9'), dataAtom(COMFY))),
    ],
    [
      'ComfyUI',
      'FLAC prompt',
      'audio/flac',
      () => makeFlac([4, vorbis('Lavf', `prompt=${COMFY}`)]),
    ],
    ['InvokeAI', 'PNG', 'image/png', () => png('sd-metadata', '{}')],
    ['InvokeAI', 'PNG', 'image/png', () => png('Dream', 'a cat -s 50 -S 1')],
    [
      'Fooocus',
      'PNG',
      'image/png',
      () => png('parameters', '{"full_prompt": ["x"], "base_model": "y", "sampler": "z"}'),
    ],
    [
      'NovelAI',
      'PNG comment',
      'image/png',
      () => png('Comment', '{"steps": 28, "sampler": "k_euler", "signed_hash": "x"}'),
    ],
    [
      'SwarmUI',
      'PNG',
      'image/png',
      () => png('parameters', '{"sui_image_params": {"prompt": "x"}}'),
    ],
    ['Draw Things', 'XMP', 'image/jpeg', () => withXmp(xmp('xmp:CreatorTool="Draw Things"'))],
    [
      'Midjourney',
      'XMP description',
      'image/jpeg',
      () => withXmp(xmp('', `<dc:description>${JOB}</dc:description>`)),
    ],
    ['Midjourney', 'author', 'image/png', () => png('Author', 'Midjourney')],
    [
      'Google AI',
      'credit',
      'image/jpeg',
      () => withXmp(xmp('photoshop:Credit="Made with Google AI"')),
    ],
    [
      'Microsoft Designer',
      'EXIF software',
      'image/webp',
      () => exif({ Software: 'Bing Image Creator' }),
    ],
    ['DALL·E', 'artist', 'image/webp', () => exif({ Artist: 'DALL-E 3' })],
    [
      'Imagen by Example',
      'AI system in XMP',
      'image/jpeg',
      () => withXmp(xmp('Iptc4xmpExt:AISystemUsed="Imagen by Example"')),
    ],
    [
      'a generator labelled AIGC',
      'the label of Chinese law',
      'image/webp',
      () => exif({ ImageDescription: '{"AIGC":{"Label":"1","ContentProducer":"x"}}' }),
    ],
    ['OpenAI', 'MP4 tool', 'video/mp4', () => movie(box('\xa9too', dataAtom('OpenAI Sora 2')))],
    [
      'Kling',
      'MP4 item of its own name',
      'video/mp4',
      () =>
        movie(
          box(
            '----',
            box('mean', Buffer.alloc(4)),
            box('name', Buffer.from('\0\0\0\0tool')),
            dataAtom('Kling AI 2.1'),
          ),
        ),
    ],
    [
      'Google AI',
      'QuickTime key',
      'video/quicktime',
      () => makeMovie('qt  ', quicktime('com.apple.quicktime.software', 'Veo 3')),
    ],
    [
      'Suno',
      'ID3 comment',
      'audio/mpeg',
      () => id3({ COMM: '\0eng\0made with suno; created=2026-01-01T00:00:00Z; id=1' }),
    ],
    ['ElevenLabs', 'ID3 encoder', 'audio/mpeg', () => id3({ TSSE: '\0ElevenLabs' })],
    ['Udio', 'ID3 user text', 'audio/mpeg', () => id3({ TXXX: '\0generator\0udio' })],
    [
      'Suno',
      'Ogg comment',
      'audio/ogg',
      () =>
        ogg(
          Buffer.concat([Buffer.from('\x03vorbis', 'latin1'), vorbis('Xiph', 'ENCODER=Suno AI')]),
        ),
    ],
    ['ElevenLabs', 'WAV software', 'audio/wav', () => makeWav(info('ISFT', 'Eleven Labs TTS'))],
    [
      'Adobe Firefly',
      'PDF creator',
      'application/pdf',
      () =>
        Buffer.from(
          makePdf()
            .toString('latin1')
            .replace('/Root 1 0 R', '/Root 1 0 R/Info<</Creator(Adobe Firefly)>>'),
          'latin1',
        ),
    ],
  ])('%s: %s', async (generator, _where, mediaType, make) => {
    expect(findGeneratorMark(readMetadata(await make(), mediaType).texts)?.generator).toBe(
      generator,
    );
  });

  it.each<[string, string, Made]>([
    [
      'an article about generators',
      'image/png',
      () =>
        png(
          'Description',
          'Stable Diffusion, Midjourney and DALL-E 3 compared: which one to choose?',
        ),
    ],
    [
      'an article in XMP',
      'image/jpeg',
      () => withXmp(xmp('', '<dc:description>How ComfyUI works. Made with care.</dc:description>')),
    ],
    [
      'a caption that mentions steps',
      'image/png',
      () => png('Comment', 'Three Steps: wash, rinse, dry. Size: large'),
    ],
    ['a photographer called Sora', 'image/webp', () => exif({ Artist: 'Sora' })],
    ['a photographer called Sora Tanaka', 'image/webp', () => exif({ Artist: 'Sora Tanaka' })],
    [
      'a press office',
      'image/jpeg',
      () => withXmp(xmp('photoshop:Credit="Jane Doe for the OpenAI press office"')),
    ],
    ['an action camera', 'image/webp', () => exif({ Make: 'Hawkeye', Model: 'Firefly 8SE' })],
    ['a sports camera', 'video/mp4', () => movie(box('\xa9too', dataAtom('Veo Camera')))],
    ['an encoder', 'video/mp4', () => movie(box('\xa9too', dataAtom('Lavf61.7.100')))],
    ['a studio', 'image/webp', () => exif({ Artist: 'Gemini Photo Studio' })],
    ['a game', 'image/png', () => png('Software', 'Minecraft Bedrock')],
    ['some JSON', 'image/png', () => png('Comment', '{"nodes": [{"type": "city"}], "sampler": 1}')],
    [
      'a song about it',
      'audio/mpeg',
      () => id3({ TIT2: '\0Midjourney', COMM: '\0eng\0I did not use Suno for this' }),
    ],
    [
      'the label that denies',
      'image/webp',
      () => exif({ ImageDescription: '{"AIGC":{"Label":"2"}}' }),
    ],
    ['Photoshop', 'image/jpeg', () => withXmp(xmp('xmp:CreatorTool="Adobe Photoshop 26.1"'))],
  ])('none: %s', async (_what, mediaType, make) => {
    const metadata = readMetadata(await make(), mediaType);
    expect([findGeneratorMark(metadata.texts), metadata.digitalSourceType]).toEqual([null, null]);
  });

  it('tells people from programs', () => {
    expect(namesGenerator('Sora')).toBe('OpenAI');
    expect(isGeneratorAsAuthor('Sora')).toBeNull();
    expect(isGeneratorAsAuthor('Midjourney')).toBe('Midjourney');
  });
});

function quicktime(key: string, value: string): Buffer {
  const keys = box('keys', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), box('mdta', Buffer.from(key)));
  const item = box('\0\0\0\x01', dataAtom(value));
  return box('meta', box('hdlr', Buffer.alloc(25)), keys, box('ilst', item));
}

describe('the digital source type', () => {
  it.each<[string, string, Made]>([
    ['JPEG', 'image/jpeg', () => withXmp(AI_XMP)],
    ['PNG', 'image/png', () => square().png().withXmp(AI_XMP).toBuffer()],
    ['WebP', 'image/webp', () => square().webp().withXmp(AI_XMP).toBuffer()],
    ['AVIF', 'image/avif', () => square().avif().withXmp(AI_XMP).toBuffer()],
    ['TIFF', 'image/tiff', () => square().tiff().withXmp(AI_XMP).toBuffer()],
    [
      'GIF',
      'image/gif',
      async () =>
        Buffer.concat([
          (await square().gif().toBuffer()).subarray(0, -1),
          Buffer.from('\x21\xff\x0bXMP DataXMP', 'latin1'),
          Buffer.from(AI_XMP),
          Buffer.from([1, 0, 0, 0x3b]),
        ]),
    ],
    [
      'SVG',
      'image/svg+xml',
      () =>
        Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><metadata>${AI_XMP}</metadata></svg>`),
    ],
    [
      'MP4',
      'video/mp4',
      () =>
        Buffer.concat([
          makeMovie('isom'),
          box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(AI_XMP)),
        ]),
    ],
    ['MP3', 'audio/mpeg', () => id3({ PRIV: `XMP\0${AI_XMP}` })],
    ['WAV', 'audio/wav', () => makeWav(chunk('_PMX', Buffer.from(AI_XMP)))],
    ['PDF', 'application/pdf', () => Buffer.concat([makePdf(), Buffer.from(AI_XMP)])],
    ['extended XMP', 'image/jpeg', () => extendedXmp(AI_XMP)],
  ])('is read from %s', async (_format, mediaType, make) => {
    expect(readMetadata(await make(), mediaType).digitalSourceType).toBe('trainedAlgorithmicMedia');
  });

  it('of a picture inside a PDF is not that of the PDF', () => {
    const inner = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${AI_XMP}`, 'latin1');
    const pdf = Buffer.concat([makePdf(), inner]);
    expect(readMetadata(pdf, 'application/pdf').digitalSourceType).toBeNull();
  });

  it.each([
    [AI, 'trainedAlgorithmicMedia'],
    [AI.replace('http:', 'https:'), 'trainedAlgorithmicMedia'],
    [`${AI}/`, 'trainedAlgorithmicMedia'],
    ['trainedAlgorithmicMedia', 'trainedAlgorithmicMedia'],
    ['TrainedAlgorithmicMedia', 'trainedAlgorithmicMedia'],
    ['Trained Algorithmic Media', 'trainedAlgorithmicMedia'],
    ['digsrctype:trainedAlgorithmicMedia', 'trainedAlgorithmicMedia'],
    [
      'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithimicMedia',
      'trainedAlgorithmicMedia',
    ],
    [
      'https://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
      'compositeWithTrainedAlgorithmicMedia',
    ],
    ['http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia', 'algorithmicMedia'],
    ['http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture', 'digitalCapture'],
    ['http://example.org/trainedAlgorithmicMedia-is-a-topic', null],
    ['a sentence about trained algorithmic media', null],
    [7, null],
  ])('%s is %s', (value, expected) => {
    expect(shortSourceType(value)).toBe(expected);
  });
});

/** A JPEG whose extended XMP comes in two parts, the second first. */
async function extendedXmp(packet: string): Promise<Buffer> {
  const jpeg = await square().jpeg().toBuffer();
  const body = Buffer.from(packet);
  const half = Math.floor(body.length / 2);
  const segment = (from: number, to: number): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length, 0);
    head.writeUInt32BE(from, 4);
    const content = Buffer.concat([
      Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1'),
      Buffer.from('0123456789ABCDEF0123456789ABCDEF', 'latin1'),
      head,
      body.subarray(from, to),
    ]);
    const marker = Buffer.from([0xff, 0xe1, 0, 0]);
    marker.writeUInt16BE(content.length + 2, 2);
    return Buffer.concat([marker, content]);
  };
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(half, body.length),
    segment(0, half),
    jpeg.subarray(2),
  ]);
}

describe('text hidden in pixels', () => {
  const settings = JSON.stringify({ Software: 'NovelAI', Comment: '{"steps": 28}' });

  /** Writes bits down each column, into the lowest bits of some channels. */
  function hide(magic: string, body: Buffer, channels: 3 | 4, planes: readonly number[]): Samples {
    const size = 64;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length * 8);
    const message = Buffer.concat([Buffer.from(magic), length, body]);
    const data = Buffer.alloc(size * size * channels, 0xfe);
    for (let bit = 0; bit < message.length * 8; bit += 1) {
      const value = ((message[bit >> 3] as number) >> (7 - (bit & 7))) & 1;
      const pixel = Math.floor(bit / planes.length);
      const at = ((pixel % size) * size + Math.floor(pixel / size)) * channels;
      data[at + (planes[bit % planes.length] as number)] = 0xfe | value;
    }
    return { data, width: size, height: size, channels };
  }

  it.each<[string, Buffer, 3 | 4, number[]]>([
    ['stealth_pnginfo', Buffer.from(settings), 4, [3]],
    ['stealth_pngcomp', gzipSync(settings), 4, [3]],
    ['stealth_rgbinfo', Buffer.from(settings), 3, [0, 1, 2]],
    ['stealth_rgbcomp', gzipSync(settings), 4, [0, 1, 2]],
  ])('%s', (magic, body, channels, planes) => {
    const text = stealthText(hide(magic, body, channels, planes));
    expect(text).toBe(settings);
    expect(hiddenMark(text ?? '').generator).toBe('NovelAI');
  });

  it.each<[string, Samples]>([
    ['an ordinary picture', { data: filler(64 * 64 * 4), width: 64, height: 64, channels: 4 }],
    ['a damaged text', hide('stealth_pngcomp', Buffer.from('no gzip'), 4, [3])],
    ['a tiny picture', { data: filler(12), width: 2, height: 2, channels: 3 }],
  ])('none in %s', (_what, samples) => {
    expect(stealthText(samples)).toBeNull();
  });
});
