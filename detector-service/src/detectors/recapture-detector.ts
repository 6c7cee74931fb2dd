import { makeFinding } from '../verdict/finding-codes.js';
import { flatShare } from './crops.js';
import { gridSpectrum } from './recapture/grid-spectrum.js';
import { strongestPeak } from './recapture/strongest.js';
import { NOTHING_FOUND, type Detector } from './types.js';

const SELF = { id: 'recapture', version: '1.0.0' };

/** Strength in nats from which a pattern is told; `npm run bench -- recapture` measures what it costs. */
const TOLD = 3.5;
/** Share of flat blocks from which a picture is a drawing or screenshot: no camera took it. */
const MOST_FLAT = 0.15;

/**
 * Tells of a fine regular pattern over the whole picture, as the pixels of a screen leave it in photographs of screens: peaks in the spectrum that come from
 * the screen's grid and the camera's, and their difference (Muammar and Dragotti, "An investigation into aliasing in images recaptured from an LCD monitor
 * using a digital camera", ICASSP 2013; Mahdian, Novozamsky and Saic, "Identification of aliasing-based patterns in re-captured LCD screens", ICIP 2015).
 * A hint for a reviewer: fabrics, halftone print and fences leave such patterns too, and sharp cameras that shrink their pictures leave none.
 */
export const recaptureDetector: Detector = {
  ...SELF,
  mediaTypes: /^image\//,
  run({ pixels, small, isDamaged }) {
    if (!pixels || !small || isDamaged) return Promise.resolve(NOTHING_FOUND);
    const spectrum = gridSpectrum(pixels);
    if (!spectrum) return Promise.resolve(NOTHING_FOUND);
    const { strength, period, isColoured } = strongestPeak(spectrum);
    if (strength < TOLD || flatShare(small) > MOST_FLAT) return Promise.resolve(NOTHING_FOUND);
    const what = isColoured ? 'coloured bands' : 'a pattern';
    const detail =
      `Over all of the picture lies ${what} of ${period.toFixed(1)} pixels, ${Math.exp(strength).toFixed(0)} times stronger than what surrounds it in the spectrum. ` +
      'Photographs of screens show this, and so do fabrics, fences and halftone print.';
    return Promise.resolve({
      ...NOTHING_FOUND,
      findings: [makeFinding(SELF, 'image.screen_pattern', detail)],
    });
  },
};
