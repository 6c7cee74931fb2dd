import { judgePictures, type DocumentPicture } from '../../src/detectors/document-pictures.js';
import { NOTHING_FOUND, type Detector } from '../../src/detectors/types.js';
import { documentSubject } from '../support/document-subject.js';
import { makePixels } from '../../../scripts/media/picture.js';

/** Tells pictures apart by their width, which is what it scores by: hundredths of it. */
function detectorOf(counts: boolean): Detector {
  const self = { id: 'by-width', version: '1.0.0' };
  return {
    ...self,
    mediaTypes: /^image\//,
    run({ pixels }) {
      const score = (pixels?.width ?? 0) / 100;
      const finding = {
        ...{ code: 'image.uncertain', severity: 'info' as const, title: 'Scored' },
        ...{ detail: 'scored.', detector: self.id, detectorVersion: self.version },
        ...{ score, evidence: [] },
      };
      return Promise.resolve({
        ...NOTHING_FOUND,
        findings: [finding],
        score: counts ? score : null,
      });
    },
  };
}

async function picturesOf(widths: readonly number[]): Promise<DocumentPicture[]> {
  return Promise.all(
    widths.map(async (width, i) => ({
      where: `picture ${i + 1}`,
      slug: `picture-${i + 1}`,
      content: { kind: 'pixels' as const, pixels: await makePixels(width, 40) },
    })),
  );
}

describe('the pictures of a document', () => {
  it.each([
    [true, 0.9],
    [false, null],
  ])('show the one that scored highest, where scores count: %s', async (counts, score) => {
    const detection = await judgePictures(
      await picturesOf([40, 90, 60]),
      { detectors: [detectorOf(counts)], readMarks: () => Promise.resolve([]) },
      documentSubject(Buffer.from('%PDF-1.7'), 'application/pdf'),
    );
    expect(detection.score).toBe(score);
    expect(detection.findings).toMatchObject([{ score: 0.9, detail: 'Picture 2: scored.' }]);
  });
});
