import { coverageDetector } from '../detectors/unsupported.js';
import { fileTypeDetector } from '../detectors/file-type.js';
import type { Detector } from '../detectors/types.js';
import { serveParent } from '../inference/child-server.js';
import type { MediaLimits } from '../intake/limits.js';
import { createC2paReader } from '../provenance/c2pa-reader.js';
import { examine, type Examiner, type ExamineRequest } from './examine.js';

/** What the pipeline tells each child at its start. */
export interface ExaminerSetup {
  readonly limits: MediaLimits;
  /** PEM text, possibly empty. */
  readonly trustAnchors: string;
  /** Folders of verified models. */
  readonly models: readonly string[];
}

serveParent(async (setup) => {
  // Both sides of this channel are this program: the pool sends exactly what the pipeline built.
  const { limits, trustAnchors } = setup as ExaminerSetup;
  const detectors: Detector[] = [fileTypeDetector, coverageDetector];
  const examiner: Examiner = { c2pa: createC2paReader(trustAnchors), detectors, limits };
  return (request) => examine(request as ExamineRequest, examiner);
});
