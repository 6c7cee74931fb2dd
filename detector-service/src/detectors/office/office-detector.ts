import { sniff, SNIFF_WINDOW } from '../../intake/sniff.js';
import { makeFinding } from '../../verdict/finding-codes.js';
import type { Finding } from '../../verdict/types.js';
import {
  judgePictures,
  MOST_PICTURES,
  type DocumentPicture,
  type PictureJudges,
} from '../document-pictures.js';
import { listed, plain } from '../pdf/names.js';
import { NOTHING_FOUND, type Detector } from '../types.js';
import { openParts, type OfficeParts } from './parts.js';

const SELF = { id: 'office', version: '1.0.0' };

/** Judges Office (OOXML) and OpenDocument files: macros, parts loaded from elsewhere, embedded objects, properties and pictures. */
export function createOfficeDetector(judges: PictureJudges): Detector {
  return {
    ...SELF,
    mediaTypes:
      /^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-\w+\.\w+\.macroenabled)/i,
    async run(subject) {
      const parts = subject.bytes && openParts(subject.bytes);
      if (!parts) {
        const detail = 'The parts of this document cannot be unpacked within the limits.';
        return { ...NOTHING_FOUND, findings: [makeFinding(SELF, 'document.malformed', detail)] };
      }
      const pictures = await judgePictures(await picturesOf(parts), judges, subject);
      const findings = [
        ...macroFindings(parts),
        ...remoteFindings(parts),
        ...objectFindings(parts),
        ...pictures.findings,
        ...propertyFindings(parts),
      ];
      return { ...pictures, findings };
    },
  };
}

function macroFindings({ names }: OfficeParts): Finding[] {
  const macros = names.filter((name) =>
    /(?:^|\/)vbaProject\.bin$|^(?:Basic|Scripts)\//i.test(name),
  );
  if (macros.length === 0) return [];
  const detail = `The document holds macros (${listed(
    macros.map((name) => plain(name, 60)),
    3,
  )}).`;
  return [makeFinding(SELF, 'document.active_content', detail)];
}

/** Relationships of these kinds are loaded as soon as the document opens; plain links wait for a click. */
const LOADED = /(?:attachedTemplate|oleObject|externalLink|frame|subDocument|image)$/i;

function remoteFindings({ texts }: OfficeParts): Finding[] {
  const targets: string[] = [];
  for (const [name, text] of texts) {
    if (!name.endsWith('.rels')) continue;
    for (const [element] of text.matchAll(/<Relationship\s[^>]{1,4000}>/g)) {
      const type = /\sType="([^"]*)"/.exec(element)?.[1] ?? '';
      const target = /\sTarget="([^"]*)"/.exec(element)?.[1] ?? '';
      if (/\sTargetMode="External"/i.test(element) && LOADED.test(type))
        targets.push(plain(target, 80));
    }
  }
  if (targets.length === 0) return [];
  const detail = `Loaded from elsewhere when it opens: ${listed(targets, 3)}.`;
  return [makeFinding(SELF, 'document.remote_content', detail)];
}

function objectFindings({ names }: OfficeParts): Finding[] {
  const objects = names.filter((name) => /\/embeddings\/|^Object [0-9]+\//.test(name));
  if (objects.length === 0) return [];
  const detail = `Objects inside: ${listed(objects.map((name) => plain(name, 60)))}.`;
  return [makeFinding(SELF, 'document.attachments', detail)];
}

function propertyFindings({ texts }: OfficeParts): Finding[] {
  const claims: string[] = [];
  for (const name of ['docProps/app.xml', 'docProps/core.xml', 'meta.xml']) {
    const text = texts.get(name) ?? '';
    const found = text.matchAll(
      /<(?:\w+:)?(Application|creator|lastModifiedBy|created|modified|generator)(?:\s[^>]{0,200})?>([^<]{1,200})</g,
    );
    for (const [, key = '', value = ''] of found) claims.push(`${key} ${plain(value, 60)}`);
  }
  if (claims.length === 0) return [];
  return [
    makeFinding(SELF, 'document.producer_chain', `By its own account: ${listed(claims, 8)}.`),
  ];
}

async function picturesOf({ media }: OfficeParts): Promise<DocumentPicture[]> {
  const largest = [...media].sort(([, one], [, other]) => other.length - one.length);
  const pictures: DocumentPicture[] = [];
  for (const [name, bytes] of largest.slice(0, MOST_PICTURES)) {
    const { mediaType, family } = await sniff(bytes.subarray(0, SNIFF_WINDOW));
    if (family !== 'image') continue;
    pictures.push({
      where: `picture ${plain(name, 60)}`,
      slug: `picture-${pictures.length + 1}`,
      content: { kind: 'file', bytes, mediaType },
    });
  }
  return pictures;
}
