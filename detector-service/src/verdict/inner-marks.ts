import type { ReadMarks } from '../detectors/document-pictures.js';
import { reportC2pa } from '../provenance/c2pa-report.js';
import type { C2paReader } from '../provenance/c2pa-reader.js';
import { findGeneratorMark } from '../provenance/generator-marks.js';
import { readMetadata } from '../provenance/metadata.js';
import { verdictOf } from './finding-codes.js';
import { c2paFindings, markFindings, sourceTypeFindings } from './provenance-findings.js';

/**
 * Reads what pictures inside a document say of their own making. Only what speaks against them is passed on: a genuine picture vouches for itself, not for
 * the document around it.
 */
export function createMarkReader(c2pa: C2paReader): ReadMarks {
  return async (bytes, mediaType) => {
    const facts = reportC2pa(await c2pa.read(bytes, mediaType));
    const metadata = readMetadata(bytes, mediaType);
    const findings = [
      ...c2paFindings(facts),
      ...sourceTypeFindings(metadata.digitalSourceType),
      ...markFindings(findGeneratorMark(metadata.texts)),
    ];
    return findings.filter(({ code }) => {
      const verdict = verdictOf(code);
      return verdict === 'synthetic' || verdict === 'tampered' || verdict === 'suspect';
    });
  };
}
