import * as fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';

import { createOfficeDetector } from '../../../src/detectors/office/office-detector.js';
import { documentSubject } from '../../support/document-subject.js';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const detector = createOfficeDetector({
  detectors: [],
  readMarks: (bytes, mediaType) =>
    Promise.resolve(bytes.includes('marked') ? [{ ...MARK, detail: `Marked ${mediaType}.` }] : []),
});
const MARK = {
  code: 'metadata.generator_mark',
  severity: 'high' as const,
  title: 'Mark',
  detail: '',
  detector: 'test',
  detectorVersion: '1.0.0',
  score: null,
  evidence: [],
};
const BASE = { '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>' };

function pack(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries({ ...BASE, ...files }).map(([name, text]) => [
    name,
    strToU8(text, true),
  ]);
  return Buffer.from(zipSync(Object.fromEntries(parts) as Record<string, Uint8Array>));
}

async function codesOf(bytes: Buffer): Promise<string[]> {
  return (await detector.run(documentSubject(bytes, DOCX))).findings.map(({ code }) => code);
}

const relationship = (type: string, mode = 'External') =>
  `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="https://example.org/t.dotm" TargetMode="${mode}"/></Relationships>`;

it.each<[string, Record<string, string>, string[]]>([
  ['a plain document', {}, []],
  ['macros', { 'word/vbaProject.bin': 'x' }, ['document.active_content']],
  [
    'a template from elsewhere',
    { 'word/_rels/settings.xml.rels': relationship('attachedTemplate') },
    ['document.remote_content'],
  ],
  [
    'a link that waits for a click',
    { 'word/_rels/document.xml.rels': relationship('hyperlink') },
    [],
  ],
  [
    'a picture of its own',
    { 'word/_rels/document.xml.rels': relationship('image', 'Internal') },
    [],
  ],
  ['an embedded object', { 'word/embeddings/oleObject1.bin': 'x' }, ['document.attachments']],
  [
    'properties',
    { 'docProps/app.xml': '<Properties><Application>Word</Application></Properties>' },
    ['document.producer_chain'],
  ],
  [
    'a picture with a mark',
    { 'word/media/image1.jpg': '\xff\xd8\xff\xe0\0\x10JFIF marked' },
    ['metadata.generator_mark'],
  ],
])('finds %s', async (_, files, codes) => {
  expect(await codesOf(pack(files))).toEqual(codes);
});

it('reads damaged packages as far as they go and never throws', async () => {
  const sound = pack({ 'word/vbaProject.bin': 'x' });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(sound.length - 1),
      fc.nat(255),
      fc.nat(sound.length),
      async (at, byte, end) => {
        const damaged = Buffer.from(sound.subarray(0, end));
        if (at < damaged.length) damaged[at] = byte;
        expect(Array.isArray(await codesOf(damaged))).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
