import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium';

import type { Pixels } from '../../intake/image.js';

/**
 * The only file that knows PDFium, the renderer of Chrome, here as WebAssembly without scripts or network. It runs in a child process; a document that
 * breaks it breaks only this instance.
 */

/** Longest side of a rendered page in pixels: text of 6 points stays legible. */
const LONGEST_SIDE = 1100;

let library: Promise<PDFiumLibrary> | null = null;

/** The pages of one document as pictures. */
export class PageRenderer {
  private constructor(private readonly document: PDFiumDocument) {}

  /** @returns null where PDFium cannot open the document: damaged, or locked with a password */
  static async open(bytes: Buffer): Promise<PageRenderer | null> {
    library ??= PDFiumLibrary.init();
    try {
      return new PageRenderer(await (await library).loadDocument(bytes));
    } catch (error) {
      if (isBroken(error)) library = null;
      return null;
    }
  }

  get pages(): number {
    return this.document.getPageCount();
  }

  /**
   * Renders a page with its annotations and form fields on white.
   *
   * @param page from 0
   * @param side longest side in pixels
   * @returns 8-bit RGB; null where the page cannot be rendered
   */
  async render(page: number, side = LONGEST_SIDE): Promise<Pixels | null> {
    try {
      const entry = this.document.getPage(page);
      const { originalWidth, originalHeight } = entry.getOriginalSize();
      const longest = Math.max(originalWidth, originalHeight);
      if (!(Math.min(originalWidth, originalHeight) >= 1)) return null;
      const scale = side / longest;
      const { data, width, height } = await entry.render({
        width: Math.max(1, Math.round(originalWidth * scale)),
        height: Math.max(1, Math.round(originalHeight * scale)),
        render: 'bitmap',
        renderFormFields: true,
      });
      return { data: withoutAlpha(data), width, height };
    } catch (error) {
      if (isBroken(error)) library = null;
      return null;
    }
  }

  /** The text layer of a page; empty where it has none or it cannot be read. */
  text(page: number): string {
    try {
      return this.document.getPage(page).getText();
    } catch (error) {
      if (isBroken(error)) library = null;
      return '';
    }
  }

  close(): void {
    try {
      this.document.destroy();
    } catch (error) {
      if (isBroken(error)) library = null;
      else throw error;
    }
  }
}

/** WebAssembly that trapped or ran out of memory is in an unknown state and is not used again. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && (error.name === 'RuntimeError' || error instanceof RangeError);
}

function withoutAlpha(rgba: Uint8Array): Buffer {
  const rgb = Buffer.alloc((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from] ?? 0;
    rgb[to++] = rgba[from + 1] ?? 0;
    rgb[to++] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
