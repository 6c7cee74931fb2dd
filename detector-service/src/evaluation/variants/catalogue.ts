/** The forms in which an evaluation shows each item to the detectors. */

export interface Variant {
  /** Media families it can be made of. */
  readonly families: readonly ('image' | 'audio' | 'video' | 'document' | 'other')[];
  /** What is done, in the words of the report. */
  readonly description: string;
}

export const VARIANTS = {
  original: {
    families: ['image', 'audio', 'video', 'document', 'other'],
    description: 'the file as it is; format, size and metadata may give the label away',
  },
  m1: {
    families: ['image', 'video'],
    description: 'native 224-pixel centre crop, JPEG or H.264 of the common law, no sound',
  },
  m2: {
    families: ['image', 'video'],
    description:
      'short side to 256, 224-pixel centre crop, JPEG or H.264 of the common law, no sound',
  },
  jpeg90: { families: ['image'], description: 'JPEG 90' },
  jpeg75: { families: ['image'], description: 'JPEG 75' },
  jpeg50: { families: ['image'], description: 'JPEG 50' },
  'resize-0.5': { families: ['image'], description: 'half the size, JPEG 90' },
  'resize-0.75': { families: ['image'], description: 'three quarters of the size, JPEG 90' },
  'resize-1.5': { families: ['image'], description: 'one and a half times the size, JPEG 90' },
  crop: { families: ['image'], description: '70 % of each side, anywhere, JPEG 90' },
  screenshot: {
    families: ['image'],
    description: 'scaled to fit a 1280 x 720 screen, stored without loss as PNG',
  },
  blur: { families: ['image'], description: 'Gaussian blur of 1 pixel, JPEG 90' },
  resave: {
    families: ['image', 'video', 'document'],
    description:
      'saved again, content unchanged: pictures as PNG and video in another container, both without metadata; PDF rewritten by qpdf; Office packages packed anew',
  },
  messenger: {
    families: ['video'],
    description:
      'H.264 at rate factor 28, at most 848 pixels a side, AAC at 64 kbit/s, as messengers send it',
  },
  scan: { families: ['document'], description: 'the first page of a PDF as a picture, JPEG 85' },
  mp3: { families: ['audio'], description: 'MP3 at 64 kbit/s' },
  telephone: { families: ['audio'], description: '300 to 3400 Hz at 8 kHz, mu-law' },
  'voice-message': { families: ['audio'], description: 'Opus at 16 kbit/s in its mode for speech' },
} as const satisfies Readonly<Record<string, Variant>>;

export type VariantName = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS) as readonly VariantName[];

/** Variants that treat both classes alike, in which format and size cannot give the label away. */
export const MATCHED: readonly VariantName[] = ['m1', 'm2'];
export const DEFAULT_VARIANTS: readonly VariantName[] = ['original', ...MATCHED];
