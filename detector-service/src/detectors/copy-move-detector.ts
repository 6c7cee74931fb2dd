import { fitWithin } from '../intake/image.js';
import { makeFinding } from '../verdict/finding-codes.js';
import type { EvidenceFile } from '../verdict/types.js';
import { judgeCopyMove } from './copy-move/judge.js';
import { drawRegions } from './copy-move/region-map.js';
import { NOTHING_FOUND, type Detector } from './types.js';

const SELF = { id: 'copy-move', version: '1.1.0' };

/** Longest side that is searched; larger pictures are shrunk to it. */
const SEARCHED_SIDE = 1024;
/** Probability from which the finding is made; `scripts/measure-copy-move.ts` measures what it costs. */
const SUSPECT = 0.92;

/**
 * Finds regions that were copied within a picture, by geometry and grain, without a trained model. It accuses or stays silent: finding nothing clears
 * nothing, since copies of smooth areas leave no corners to compare.
 */
export const copyMoveDetector: Detector = {
  ...SELF,
  mediaTypes: /^image\//,
  async run({ small, isDamaged }) {
    if (!small || isDamaged) return NOTHING_FOUND;
    const searched = await fitWithin(small, SEARCHED_SIDE);
    const found = judgeCopyMove(searched);
    if (!found || found.score < SUSPECT) return NOTHING_FOUND;
    const { area, corners, likeness, mask } = found.repetition;
    const bytes = await drawRegions(searched, mask);
    const evidence: EvidenceFile[] = [
      { name: `regions-${SELF.id}.jpg`, kind: 'region_map', mediaType: 'image/jpeg', bytes },
    ];
    const share = (100 * area) / (searched.width * searched.height);
    const score = Math.round(found.score * 10_000) / 10_000;
    const detail =
      `A region of ${share.toFixed(1)} % of the picture occurs in it twice: ${corners} corners move alike and the fine detail agrees to ` +
      `${Math.round(likeness * 100)} %. Both places are marked; which one is the original cannot be told.`;
    return {
      ...NOTHING_FOUND,
      findings: [makeFinding(SELF, 'image.copy_move', detail, { score, evidence })],
      score,
      evidence,
    };
  },
};
