import type { Movement } from './movement.js';
import type { Repetition } from './verification.js';

/**
 * Logistic regression over copies made by `training/make_edit_tests.py` and over what genuine pictures of the same sources repeat by nature, both after JPEG
 * 80; `training/README.md` says how it was fitted.
 */
const WEIGHTS = { corners: 0.8, likeness: 13.3, area: 0.43, shift: 2.75, bias: -15.9 } as const;

/** Probability 0..1 that a repetition was made and did not come about by nature, where both are equally common. */
export function likelihood({ corners, likeness, area, movement }: Repetition): number {
  const logit =
    WEIGHTS.corners * Math.log(corners) +
    WEIGHTS.likeness * likeness +
    WEIGHTS.area * Math.log(area) +
    (isPlainShift(movement) ? WEIGHTS.shift : 0) +
    WEIGHTS.bias;
  return 1 / (1 + Math.exp(-logit));
}

/** Nature does not repeat by whole pixels. */
function isPlainShift({ a, b, isMirrored }: Movement): boolean {
  return !isMirrored && a[0] === 1 && a[1] === 0 && b.every(Number.isInteger);
}
