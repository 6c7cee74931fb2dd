import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type * as c2paWasm from '@contentauth/c2pa-wasm';
import { z } from 'zod';

/** The part of the C2PA manifest store that the service reads. Everything else may change without notice. */
const statusSchema = z.object({ code: z.string(), url: z.string().optional() });
const statusCodesSchema = z.object({
  success: z.array(statusSchema).default([]),
  informational: z.array(statusSchema).default([]),
  failure: z.array(statusSchema).default([]),
});
const manifestSchema = z.object({
  claim_generator: z.string().nullish(),
  claim_generator_info: z.array(z.looseObject({ name: z.string().nullish() })).nullish(),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).default([]),
  ingredients: z
    .array(z.looseObject({ title: z.string().nullish(), active_manifest: z.string().nullish() }))
    .default([]),
  signature_info: z
    .object({
      issuer: z.string().nullish(),
      common_name: z.string().nullish(),
      time: z.string().nullish(),
    })
    .nullish(),
});
export const manifestStoreSchema = z.object({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), manifestSchema).default({}),
  validation_results: z
    .object({
      activeManifest: statusCodesSchema.nullish(),
      ingredientDeltas: z
        .array(
          z.object({
            ingredientAssertionURI: z.string(),
            validationDeltas: statusCodesSchema,
          }),
        )
        .nullish(),
    })
    .nullish(),
});
export type ManifestStore = z.infer<typeof manifestStoreSchema>;

/** What reading the bytes came to. `remote` names the address and never fetches it: that would let a sender choose where this service connects. */
export type C2paReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'store'; readonly store: ManifestStore };

export interface C2paReader {
  read(bytes: Buffer, mediaType: string): Promise<C2paReading>;
}

/** Key usages accepted for a claim signer: the C2PA list, plus the Microsoft signing usage seen in deployed certificates. */
const ACCEPTED_KEY_USAGES = [
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.311.76.59.1.9',
  '1.3.6.1.4.1.62558.2.1',
].join('\n');

type Wasm = typeof c2paWasm;
let loading: Promise<Wasm> | undefined;

/** Loads the WebAssembly build of c2pa-rs once. It expects a browser's `self`; nothing else of a browser is needed to read. */
async function loadWasm(): Promise<Wasm> {
  if (!('self' in globalThis)) Object.assign(globalThis, { self: globalThis });
  const wasm = await import('@contentauth/c2pa-wasm');
  const module = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
  wasm.initSync({ module: readFileSync(module) });
  return wasm;
}

/**
 * A reader with a fixed trust list.
 *
 * @param trustAnchors PEM certificates of signers and time-stamp authorities to trust; may be empty
 */
export function createC2paReader(trustAnchors: string): C2paReader {
  const settings = JSON.stringify({
    trust: {
      trust_config: ACCEPTED_KEY_USAGES,
      ...(trustAnchors && { trust_anchors: trustAnchors }),
    },
    verify: {
      verify_after_reading: true,
      verify_trust: true,
      verify_timestamp_trust: true,
      remote_manifest_fetch: false,
      ocsp_fetch: false,
    },
  });
  return {
    async read(bytes, mediaType) {
      const wasm = await (loading ??= loadWasm());
      try {
        const reader = await wasm.WasmReader.fromBytes(mediaType, bytes, settings);
        try {
          return { kind: 'store', store: manifestStoreSchema.parse(JSON.parse(reader.json())) };
        } finally {
          reader.free();
        }
      } catch (error) {
        return readingOfError(error);
      }
    },
  };
}

const REMOTE = /RemoteManifestUrl\("([^"]+)"\)|RemoteManifestFetch\("([^"]+)"\)/;
const ABSENT = /JumbfNotFound|ProvenanceMissing|UnsupportedType|NoManifest|JumbfBoxNotFound/;

/**
 * The bindings report by throwing a value whose text holds the Rust error name. A failure to parse a container that has no Content Credentials is
 * the image decoder's news, so it counts as absent unless a C2PA store is named.
 */
function readingOfError(error: unknown): C2paReading {
  const text = error instanceof Error ? error.message : String(error);
  const remote = REMOTE.exec(text);
  if (remote) return { kind: 'remote', url: remote[1] ?? remote[2] ?? '' };
  if (ABSENT.test(text)) return { kind: 'absent' };
  return { kind: 'unreadable', reason: text.slice(0, 200) };
}
