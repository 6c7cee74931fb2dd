import { fitWithin, throughJpeg, type Pixels } from '../intake/image.js';
import { cutOut } from '../intake/pixels.js';
import type { RegionManifest } from '../inference/model-manifest.js';
import type { CropAnswer, RegionModel } from '../inference/picture-model.js';
import { makeFinding, type FindingCode } from '../verdict/finding-codes.js';
import type { EvidenceFile } from '../verdict/types.js';
import { flatShare } from './crops.js';
import { drawHeatmap } from './heatmap.js';
import { LOSSLESS, NOTHING_FOUND, type Detection, type Detector, type Subject } from './types.js';

/**
 * Looks for local edits by a model that takes the whole picture and answers with a map: splices, copies, filled holes, retouched areas. It abstains, with the
 * reason, where the manifest says that the answer would be worth nothing.
 */
export function createRegionModelDetector(model: RegionModel): Detector {
  const { manifest } = model;
  const self = { id: manifest.id, version: manifest.version };
  return {
    ...self,
    mediaTypes: /^image\//,
    async run(subject) {
      const { small, isDamaged } = subject;
      if (!small || isDamaged) return NOTHING_FOUND;
      const picture = await asTrained(small, subject, manifest.input);
      const reason = reasonToAbstain(picture, manifest);
      if (reason !== null) {
        return { ...NOTHING_FOUND, findings: [makeFinding(self, 'image.not_scored', reason)] };
      }
      const [answer] = await model.answer([picture]);
      if (!answer) return NOTHING_FOUND;
      return judged(picture, answer, manifest);
    },
  };
}

/** The picture as training saw pictures: within the longest side, sides of whole cells, never without compression. */
async function asTrained(
  small: Pixels,
  { type }: Subject,
  { longestSide, multiple, jpegQuality }: RegionManifest['input'],
): Promise<Pixels> {
  const fitting = await fitWithin(small, longestSide);
  const isFresh = fitting !== small || LOSSLESS.test(type.mediaType);
  const encoded =
    isFresh && jpegQuality !== null ? await throughJpeg(fitting, jpegQuality) : fitting;
  const whole = (side: number): number => Math.floor(side / multiple) * multiple;
  return cutOut(encoded, 0, 0, whole(encoded.width), whole(encoded.height));
}

function reasonToAbstain(picture: Pixels, { abstain }: RegionManifest): string | null {
  const { width, height } = picture;
  if (Math.min(width, height) < abstain.minSide) {
    return `Edits: the picture was judged at ${width} x ${height} pixels; below ${abstain.minSide} a side the score means nothing.`;
  }
  const flat = flatShare(picture);
  if (flat > abstain.maxFlatShare) {
    return `Edits: ${Math.round(flat * 100)} % of the picture is flat, as in screenshots, drawings and documents, for which the score means nothing.`;
  }
  return null;
}

async function judged(
  picture: Pixels,
  answer: CropAnswer,
  manifest: RegionManifest,
): Promise<Detection> {
  const self = { id: manifest.id, version: manifest.version };
  const { calibration, thresholds } = manifest;
  const logit = answer.logit / calibration.temperature + calibration.bias;
  const score = Math.round(10_000 / (1 + Math.exp(-logit))) / 10_000;
  const code =
    score >= thresholds.suspect
      ? 'image.edited'
      : score > thresholds.clear
        ? 'image.edit_uncertain'
        : 'image.edit_clear';
  const bytes = await drawHeatmap(picture, picture, [{ ...picture, left: 0, top: 0 }], [answer], 0);
  const evidence: EvidenceFile[] = [
    { name: `heatmap-${manifest.id}.jpg`, kind: 'heatmap', mediaType: 'image/jpeg', bytes },
  ];
  return {
    findings: [makeFinding(self, code, sentence(code, score, answer), { score, evidence })],
    // A map of places is not a judgement of the whole: it counts towards the picture's score only once it has earned an alarm.
    score: thresholds.suspect < 1 ? score : null,
    evidence,
    models: [self],
  };
}

function sentence(code: FindingCode, score: number, { map }: CropAnswer): string {
  const basis = `Calibrated probability ${score.toFixed(2)} of a local edit`;
  if (code === 'image.edited') {
    const values = map?.values ?? new Float32Array(1);
    const share = values.reduce((count, value) => count + (value > 0 ? 1 : 0), 0) / values.length;
    return `${basis}: ${Math.max(1, Math.round(share * 100))} % of the picture, red on the map, differs from the rest in grain, sharpness or at its rim. A person should look.`;
  }
  if (code === 'image.edit_uncertain')
    return `${basis}: no evidence either way, by what this model has been measured to tell.`;
  return `${basis}: no part differs from the rest as edits do. That proves no origin.`;
}
