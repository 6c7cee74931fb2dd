import type {
  CropManifest,
  FacesManifest,
  Model,
  RegionManifest,
  SpeechManifest,
} from '../inference/model-manifest.js';
import { openFaceModel, type FaceModel } from '../inference/face-model.js';
import { openPictureModel } from '../inference/picture-model.js';
import { openSpeechModel } from '../inference/speech-model.js';
import type { Ffmpeg } from '../intake/ffmpeg.js';
import { createAudioDetector } from './audio/audio-detector.js';
import { copyMoveDetector } from './copy-move-detector.js';
import { coverageDetector } from './coverage.js';
import { createCropModelDetector } from './crop-model-detector.js';
import type { ReadMarks } from './document-pictures.js';
import { fileTypeDetector } from './file-type.js';
import { identityDetector } from './identity/identity-detector.js';
import { pictureFingerprintDetector } from './picture-fingerprint.js';
import { createOfficeDetector } from './office/office-detector.js';
import { createPdfDetector } from './pdf/detector.js';
import type { DocumentAnchors } from './pdf/signing-time.js';
import { recaptureDetector } from './recapture-detector.js';
import { createRegionModelDetector } from './region-model-detector.js';
import type { Detector } from './types.js';
import { createMovingPictureDetector } from './video/moving-picture-detector.js';
import { createVideoDetector } from './video/video-detector.js';

export interface SuiteOptions {
  /** Null where that program is not there. */
  readonly ffmpeg: Ffmpeg | null;
  /** For pictures inside documents. */
  readonly readMarks: ReadMarks;
  /** Whose signatures on documents, and time stamps, are trusted. */
  readonly documentAnchors: DocumentAnchors;
}

/** Every detector of the service, in the order in which their findings are listed. */
export async function createDetectors(
  models: readonly Model[],
  { ffmpeg, readMarks, documentAnchors }: SuiteOptions,
): Promise<readonly Detector[]> {
  const cropDetectors = await Promise.all(models.filter(isOfCrops).map(openCrops));
  const regionDetectors = await Promise.all(models.filter(isOfRegions).map(openRegions));
  const speechModels = await Promise.all(models.filter(isOfSpeech).map(openSpeechModel));
  const pictureDetectors = [
    ...cropDetectors,
    ...regionDetectors,
    copyMoveDetector,
    recaptureDetector,
    identityDetector,
  ];
  // Edits are sought in single pictures: what video compression does to their traces has not been measured.
  const frameJudges = { pictures: cropDetectors, faces: await openFaces(models) };
  const judges = { detectors: pictureDetectors, readMarks };
  return [
    fileTypeDetector,
    coverageDetector,
    createPdfDetector(judges, documentAnchors),
    createOfficeDetector(judges),
    ...pictureDetectors,
    createMovingPictureDetector(frameJudges),
    createVideoDetector(frameJudges, speechModels, ffmpeg),
    createAudioDetector(ffmpeg, speechModels),
    pictureFingerprintDetector,
  ];
}

function isOfCrops(model: Model): model is Model<CropManifest> {
  return model.manifest.kind === 'image-crops';
}

function isOfRegions(model: Model): model is Model<RegionManifest> {
  return model.manifest.kind === 'image-regions';
}

function isOfSpeech(model: Model): model is Model<SpeechManifest> {
  const { kind } = model.manifest;
  return kind === 'speech-figures' || kind === 'speech-samples';
}

function isOfFaces(model: Model): model is Model<FacesManifest> {
  return model.manifest.kind === 'image-faces';
}

/** @throws Error where there are several, of which only one could be used */
async function openFaces(models: readonly Model[]): Promise<FaceModel | null> {
  const [model, ...others] = models.filter(isOfFaces);
  if (others.length > 0) {
    throw new Error(
      `Expected one model that finds faces but received ${[model, ...others].map((each) => each?.manifest.id).join(', ')}; give yours the id of the one it takes the place of.`,
    );
  }
  return model ? openFaceModel(model) : null;
}

async function openCrops(model: Model<CropManifest>): Promise<Detector> {
  return createCropModelDetector(await openPictureModel(model));
}

async function openRegions(model: Model<RegionManifest>): Promise<Detector> {
  return createRegionModelDetector(await openPictureModel(model));
}
