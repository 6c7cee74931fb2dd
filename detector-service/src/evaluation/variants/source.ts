/** A file of which variants are made, on local disk. */
export interface VariantSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** By its bytes. */
  readonly mediaType: string;
}

/** The bytes of a variant, or why there are none. */
export type MadeBytes = { readonly bytes: Buffer } | { readonly reason: string };
