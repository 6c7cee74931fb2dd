export const FINGERPRINT_KINDS = ['image', 'audio', 'video'] as const;

/** What is kept of the content to recognise copies of it: versioned text that begins like `i1.`, made by this folder. */
export interface Fingerprint {
  readonly kind: (typeof FINGERPRINT_KINDS)[number];
  readonly value: string;
}
