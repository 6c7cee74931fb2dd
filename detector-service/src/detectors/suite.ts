import type { X509Certificate } from 'node:crypto';

import type { Model } from '../inference/model-manifest.js';
import { openCropModel } from '../inference/onnx-model.js';
import type { Ffmpeg } from '../intake/ffmpeg.js';
import { createAudioDetector } from './audio/audio-detector.js';
import { coverageDetector } from './coverage.js';
import { createCropModelDetector } from './crop-model-detector.js';
import type { ReadMarks } from './document-pictures.js';
import { fileTypeDetector } from './file-type.js';
import { pictureFingerprintDetector } from './picture-fingerprint.js';
import { createOfficeDetector } from './office/office-detector.js';
import { createPdfDetector } from './pdf/detector.js';
import type { Detector } from './types.js';
import { createMovingPictureDetector } from './video/moving-picture-detector.js';
import { createVideoDetector } from './video/video-detector.js';

export interface SuiteOptions {
  /** Null where that program is not there. */
  readonly ffmpeg: Ffmpeg | null;
  /** For pictures inside documents. */
  readonly readMarks: ReadMarks;
  /** Whose signatures on documents are trusted. */
  readonly documentAnchors: readonly X509Certificate[];
}

/** Every detector of the service, in the order in which their findings are listed. */
export async function createDetectors(
  models: readonly Model[],
  { ffmpeg, readMarks, documentAnchors }: SuiteOptions,
): Promise<readonly Detector[]> {
  const pictureDetectors = await createPictureDetectors(models);
  const judges = { detectors: pictureDetectors, readMarks };
  return [
    fileTypeDetector,
    coverageDetector,
    createPdfDetector(judges, documentAnchors),
    createOfficeDetector(judges),
    ...pictureDetectors,
    createMovingPictureDetector(pictureDetectors),
    createVideoDetector(pictureDetectors, ffmpeg),
    createAudioDetector(ffmpeg),
    pictureFingerprintDetector,
  ];
}

/** Those that judge pixels, also of pictures inside other media: a document's images, a video's frames. */
async function createPictureDetectors(models: readonly Model[]): Promise<readonly Detector[]> {
  const opened = await Promise.all(models.map(openCropModel));
  return opened.map(createCropModelDetector);
}
