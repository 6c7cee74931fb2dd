import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { zipSync } from 'fflate';
import sharp from 'sharp';

import { openParts } from '../../src/detectors/office/parts.js';
import { PdfDocument } from '../../src/detectors/pdf/document.js';
import { textZoneFindings } from '../../src/detectors/identity/text-zone.js';
import { readLayout } from '../../src/intake/container/layout.js';
import { readHeader } from '../../src/intake/image.js';
import { MEDIA_LIMITS } from '../../src/intake/limits.js';
import { containerTexts } from '../../src/provenance/texts/container-texts.js';
import { MediaRefusedError } from '../../src/verdict/types.js';
import { contract } from '../support/signed-pdf.js';

const FIXTURES = new URL('../fixtures/media/', import.meta.url);

/*
 * The parsers of this project, in this process. What libraries do with such files is the matter of the isolated children: some mutated sounds make
 * mediabunny run for ever or out of memory, and are refused when the child is killed.
 */

/** A change where parsers are weakest: one byte, a length of two or four bytes in either order, a piece left out, doubled or cut off. */
type Change =
  | {
      readonly kind: 'byte' | 'word' | 'wordLittle' | 'long' | 'longLittle';
      at: number;
      value: number;
    }
  | { readonly kind: 'remove' | 'repeat' | 'cut'; at: number; value: number };

const KINDS = [
  'byte',
  'word',
  'wordLittle',
  'long',
  'longLittle',
  'remove',
  'repeat',
  'cut',
] as const;
const VALUES = [0, 1, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    // Half of them near the start, where headers lie.
    at: fc.oneof(fc.nat(256), fc.nat()),
    value: fc.oneof(fc.constantFrom(...VALUES), fc.nat(0xffffffff)),
  }),
  { minLength: 1, maxLength: 6 },
);

function changed(file: Buffer, list: readonly Change[]): Buffer {
  let bytes: Buffer = Buffer.from(file);
  for (const { kind, at: place, value } of list) {
    if (bytes.length < 8) break;
    const at = place % (bytes.length - 4);
    if (kind === 'byte') bytes[at] = value & 0xff;
    else if (kind === 'word') bytes.writeUInt16BE(value & 0xffff, at);
    else if (kind === 'wordLittle') bytes.writeUInt16LE(value & 0xffff, at);
    else if (kind === 'long') bytes.writeUInt32BE(value, at);
    else if (kind === 'longLittle') bytes.writeUInt32LE(value, at);
    else if (kind === 'cut') bytes = bytes.subarray(0, at + 1);
    else {
      const end = Math.min(bytes.length, at + 1 + (value % 600));
      const from = kind === 'remove' ? end : at;
      bytes = Buffer.concat([
        bytes.subarray(0, end > at && kind === 'repeat' ? end : at),
        bytes.subarray(from),
      ]);
    }
  }
  return bytes;
}

/** Generous, since the machine may be busy: what is meant is that no change makes a parser run for ever or through gigabytes. */
const LONGEST_MS = 3_000;
const RUNS = { numRuns: 150 };

async function inTime(name: string, run: () => unknown): Promise<void> {
  const started = performance.now();
  try {
    await run();
  } catch (error) {
    if (!(error instanceof MediaRefusedError)) throw error;
  }
  const ms = performance.now() - started;
  if (ms > LONGEST_MS) throw new Error(`${name} took ${Math.round(ms)} ms.`);
}

describe('parsers of files that are not what they should be', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mediaguard-parsers-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[string, string]>([
    ['clip.mp4', 'video/mp4'],
    ['voice.m4a', 'audio/mp4'],
    ['voice.mp3', 'audio/mpeg'],
    ['voice.flac', 'audio/flac'],
    ['voice.ogg', 'audio/ogg'],
    ['clip.webm', 'video/webm'],
  ])('take %s apart within bounds', async (name, mediaType) => {
    const whole = await readFile(new URL(name, FIXTURES));
    const path = join(folder, name);
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = changed(whole.subarray(0, 60_000), list);
        await writeFile(path, bytes);
        await inTime('texts', () => containerTexts(bytes, mediaType));
        await inTime('layout', () => readLayout(path, bytes.length, mediaType));
      }),
      RUNS,
    );
  });

  it('read WAV and AVI chunks within bounds', async () => {
    const wav = riff('WAVE', [
      ['fmt ', Buffer.from('01000100401f0000803e000002001000', 'hex')],
      [
        'LIST',
        Buffer.concat([Buffer.from('INFOISFT'), Buffer.from([6, 0, 0, 0]), Buffer.from('Maker\0')]),
      ],
      ['data', Buffer.alloc(2_000, 3)],
    ]);
    await fc.assert(
      fc.asyncProperty(
        changes,
        fc.constantFrom('audio/wav', 'video/x-msvideo'),
        async (list, type) => {
          const bytes = changed(wav, list);
          await inTime('texts', () => containerTexts(bytes, type));
        },
      ),
      RUNS,
    );
  });

  it('read picture headers and their texts within bounds', async () => {
    const square = sharp({ create: { width: 24, height: 24, channels: 3, background: '#369' } });
    const pictures = await Promise.all(
      (['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const).map(
        async (format) =>
          [
            `image/${format}`,
            await square.clone().withMetadata().toFormat(format).toBuffer(),
          ] as const,
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pictures), changes, async ([mediaType, whole], list) => {
        const bytes = changed(whole, list);
        await inTime('header', () => readHeader(bytes, mediaType, MEDIA_LIMITS));
        await inTime('texts', () => containerTexts(bytes, mediaType));
      }),
      RUNS,
    );
  });

  it('unpack Office parts within bounds', async () => {
    const whole = Buffer.from(
      zipSync({
        '[Content_Types].xml': Buffer.from('<Types/>'),
        'word/_rels/document.xml.rels': Buffer.from('<Relationships/>'),
        'word/media/image1.png': Buffer.alloc(3_000, 5),
      }),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const parts: { unpacked: number } = { unpacked: 0 };
        await inTime('parts', () => {
          const opened = openParts(changed(whole, list));
          for (const bytes of opened?.media.values() ?? []) parts.unpacked += bytes.length;
        });
        expect(parts.unpacked).toBeLessThanOrEqual(120_000_000);
      }),
      RUNS,
    );
  });

  it('read PDF structure within bounds, encrypted or not', async () => {
    const files = [
      contract(),
      await readFile(new URL('empty-password-aes-256.pdf', FIXTURES)),
      await readFile(new URL('empty-password-rc4-128.pdf', FIXTURES)),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, async (whole, list) => {
        await inTime('document', () => {
          const document = new PdfDocument(changed(whole, list));
          for (const number of document.objectNumbers.slice(0, 500)) document.object(number);
        });
      }),
      RUNS,
    );
  });

  it('find no zone in arbitrary text, and never throw over it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(Array.isArray(textZoneFindings(text, 1))).toBe(true);
      }),
    );
  });
});

function riff(form: string, chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const body = chunks.map(([name, data]) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  });
  const content = Buffer.concat([Buffer.from(form), ...body]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}
