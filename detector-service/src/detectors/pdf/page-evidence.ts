import { encodePreview, overlayPage } from '../../intake/image.js';
import type { EvidenceFile } from '../../verdict/types.js';
import type { ChangedPage } from './signed-pages.js';

/** Changed pages that are kept as pictures. */
const MOST_PAGES = 3;

/** Each changed page as it was signed and as it is now, with the changes marked in red. */
export async function pageEvidence(pages: readonly ChangedPage[]): Promise<EvidenceFile[]> {
  const files: EvidenceFile[] = [];
  for (const { page, before, after, change } of pages.slice(0, MOST_PAGES)) {
    files.push(
      {
        name: `page-${page + 1}-changed.png`,
        kind: 'page',
        mediaType: 'image/png',
        bytes: await overlayPage(after, change.layer),
      },
      {
        name: `page-${page + 1}-signed.jpg`,
        kind: 'page',
        mediaType: 'image/jpeg',
        bytes: await encodePreview(before),
      },
    );
  }
  return files;
}
