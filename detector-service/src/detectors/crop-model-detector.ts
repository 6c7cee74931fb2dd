import type { CropAnswer, CropModel } from '../inference/picture-model.js';
import { makeFinding, type FindingCode } from '../verdict/finding-codes.js';
import type { EvidenceFile } from '../verdict/types.js';
import { cropViews } from './crop-views.js';
import { flatShare, type PlacedCrop } from './crops.js';
import { drawHeatmap } from './heatmap.js';
import { NOTHING_FOUND, type Detection, type Detector, type Subject } from './types.js';

/**
 * Scores pictures by a crop model, shipped or the user's own: the mean logit of each view's crops, the mean of the views, calibrated. It abstains, with the
 * reason, where the manifest says that the model's answer would be worth nothing.
 */
export function createCropModelDetector(model: CropModel): Detector {
  const { manifest } = model;
  const self = { id: manifest.id, version: manifest.version };
  return {
    ...self,
    mediaTypes: /^image\//,
    async run(subject) {
      const { pixels } = subject;
      if (!pixels || subject.isDamaged) return NOTHING_FOUND;
      const abstain = (reason: string): Detection => ({
        ...NOTHING_FOUND,
        findings: [makeFinding(self, 'image.not_scored', reason)],
      });
      const { input, thresholds } = manifest;
      const least = input.isFixed
        ? Math.max(input.side, manifest.abstain.minSide)
        : manifest.abstain.minSide;
      if (Math.min(pixels.width, pixels.height) < least) {
        return abstain(
          `The picture is ${pixels.width} x ${pixels.height} pixels; below ${least} a side the score means nothing.`,
        );
      }
      const views = await cropViews({ ...subject, pixels }, manifest);
      const flat = mean(views.map((crops) => mean(crops.map(flatShare))));
      if (flat > manifest.abstain.maxFlatShare) {
        return abstain(
          `${Math.round(flat * 100)} % of the picture is flat, as in screenshots, drawings and documents, for which the score means nothing.`,
        );
      }
      const answers: (readonly CropAnswer[])[] = [];
      for (const crops of views) answers.push(await model.answer(crops));
      const raw = mean(answers.map((view) => mean(view.map((answer) => answer.logit))));
      const { temperature, bias } = manifest.calibration;
      const score = 1 / (1 + Math.exp(-(raw / temperature + bias)));
      const crops = views.flat();
      const evidence = await heatmapOf(
        subject,
        crops,
        answers.flat(),
        manifest.id,
        bias * temperature,
      );
      const code =
        score >= thresholds.suspect
          ? 'image.generated'
          : score > thresholds.clear
            ? 'image.uncertain'
            : 'image.clear';
      return {
        findings: [
          makeFinding(self, code, sentence(code, score, crops.length), {
            score: rounded(score),
            evidence,
          }),
        ],
        score: rounded(score),
        evidence,
        models: [self],
      };
    },
  };
}

async function heatmapOf(
  { pixels, small }: Subject,
  crops: readonly PlacedCrop[],
  answers: readonly CropAnswer[],
  id: string,
  shift: number,
): Promise<EvidenceFile[]> {
  if (!pixels || !small || answers.some(({ map }) => map === null)) return [];
  const places = crops.map(({ place }) => place);
  const bytes = await drawHeatmap(small, pixels, places, answers, shift);
  return [{ name: `heatmap-${id}.jpg`, kind: 'heatmap', mediaType: 'image/jpeg', bytes }];
}

function sentence(code: FindingCode, score: number, crops: number): string {
  const basis = `Calibrated probability ${score.toFixed(2)} from ${crops} ${crops === 1 ? 'crop' : 'crops'}`;
  if (code === 'image.generated')
    return `${basis}: traces between pixels resemble those of image generators. Weak evidence alone; a person should look.`;
  if (code === 'image.uncertain')
    return `${basis}: no evidence either way, by what this model has been measured to tell.`;
  return `${basis}: no traces of image generators were found. That proves no origin.`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
