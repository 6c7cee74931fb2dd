/** heic-decode ships no types; this is the part in use. */
declare module 'heic-decode' {
  export default function decode(input: {
    readonly buffer: Uint8Array;
  }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
}
