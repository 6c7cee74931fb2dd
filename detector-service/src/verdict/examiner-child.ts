import { createDetectors } from '../detectors/suite.js';
import { serveParent } from '../inference/child-server.js';
import type { Model } from '../inference/model-manifest.js';
import type { Ffmpeg } from '../intake/ffmpeg.js';
import type { MediaLimits } from '../intake/limits.js';
import { createC2paReader } from '../provenance/c2pa-reader.js';
import { parseAnchors, type TrustAnchors } from '../provenance/trust-anchors.js';
import { examine, type Examiner, type ExamineRequest } from './examine.js';
import { createMarkReader } from './inner-marks.js';

/** What the pipeline tells each child at its start. */
export interface ExaminerSetup {
  readonly limits: MediaLimits;
  /** Signers of Content Credentials. */
  readonly trustAnchors: TrustAnchors;
  /** Signers of documents, and authorities whose time stamps on them count. */
  readonly documentTrustAnchors: TrustAnchors;
  /** Models whose files the pipeline has checked. */
  readonly models: readonly Model[];
  /** Null where the program is not there. */
  readonly ffmpeg: Ffmpeg | null;
}

// Libraries print remarks about odd files; a sender must not be able to fill the log with them.
const quiet = (): void => undefined;
Object.assign(console, { log: quiet, warn: quiet, error: quiet });

serveParent(async (setup) => {
  // Both sides of this channel are this program: the pool sends exactly what the pipeline built.
  const { limits, trustAnchors, documentTrustAnchors, models, ffmpeg } = setup as ExaminerSetup;
  const c2pa = createC2paReader(trustAnchors);
  const examiner: Examiner = {
    c2pa,
    detectors: await createDetectors(models, {
      ffmpeg,
      readMarks: createMarkReader(c2pa),
      documentAnchors: {
        signers: parseAnchors(documentTrustAnchors.signers),
        timeStamps: parseAnchors(documentTrustAnchors.timeStamps),
      },
    }),
    limits,
  };
  return (request) => examine(request as ExamineRequest, examiner);
});
