/** Texts found in a file, by where they stood: `png:parameters`, `exif:Software`, `mp4:©too`. */
export type Texts = ReadonlyMap<string, string>;

/** Bounds for one file: a sender may put millions of fields into it. */
const MAX_TEXTS = 300;
export const MAX_TEXT_BYTES = 4_000_000;

/** Gathers texts within bounds; what is blank, or stands in a place already taken, is left out. */
export class TextCollector {
  private readonly found = new Map<string, string>();

  get texts(): Texts {
    return this.found;
  }

  get isFull(): boolean {
    return this.found.size >= MAX_TEXTS;
  }

  keep(place: string, value: string): void {
    const text = value.slice(0, MAX_TEXT_BYTES).replace(/\0+$/, '');
    if (text.trim() === '' || this.isFull || this.found.has(place)) return;
    this.found.set(place, text);
  }

  keepAll(texts: Iterable<readonly [string, string]>): void {
    for (const [place, value] of texts) this.keep(place, value);
  }
}

/** UTF-8 where the bytes are valid UTF-8, else Latin-1: what most standards ask for and what writers do differ. */
export function decodeLoose(data: Buffer): string {
  const limited = data.subarray(0, MAX_TEXT_BYTES);
  const text = limited.toString('utf8');
  return text.includes('\uFFFD') ? limited.toString('latin1') : text;
}
