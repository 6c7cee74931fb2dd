import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import type * as c2paWasm from '@contentauth/c2pa-wasm';

import { c2paFormat, hasTraceOfStore, holdsUnreadableStore } from './c2pa-formats.js';
import { manifestStoreSchema, type ManifestStore } from './c2pa-store.js';
import type { TrustAnchors } from './trust-anchors.js';

/** What reading the bytes came to. `remote` names the address and never fetches it: that would let a sender choose where this service connects. */
export type C2paReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'store'; readonly store: ManifestStore }
  /** A store without the media it speaks of. */
  | { readonly kind: 'detached'; readonly store: ManifestStore };

export interface C2paReader {
  read(bytes: Buffer, mediaType: string): Promise<C2paReading>;
}

export const DETACHED_TYPE = 'application/c2pa';
/** Names of the two trust lists as the reader repeats them in its explanations. */
const SIGNER_LIST = 'urn:mediaguard:signers';
export const TIME_STAMP_LIST = 'urn:mediaguard:time-stamps';

/** Key usages accepted for a claim signer: the C2PA list, plus the Microsoft signing usage seen in deployed certificates. */
const ACCEPTED_KEY_USAGES = [
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
  '1.3.6.1.4.1.311.76.59.1.9',
  '1.3.6.1.4.1.62558.2.1',
].join('\n');

export type C2paWasm = Pick<typeof c2paWasm, 'WasmReader'>;

let loads = 0;

/**
 * Loads the WebAssembly build of c2pa-rs. It expects a browser's `self`; nothing else of a browser is needed to read. Each load is an instance of its own, with
 * memory of its own.
 */
async function loadWasm(): Promise<C2paWasm> {
  if (!('self' in globalThis)) Object.assign(globalThis, { self: globalThis });
  const { resolve } = createRequire(import.meta.url);
  const glue = pathToFileURL(resolve('@contentauth/c2pa-wasm'));
  if (loads > 0) glue.searchParams.set('instance', String(loads));
  loads += 1;
  const wasm = (await import(glue.href)) as typeof c2paWasm;
  wasm.initSync({ module: readFileSync(resolve('@contentauth/c2pa-wasm/c2pa.wasm')) });
  return wasm;
}

/**
 * A reader with a fixed trust list.
 *
 * @param anchors PEM certificates to trust; may be empty
 * @param load replaced by tests only
 */
export function createC2paReader(anchors: TrustAnchors, load = loadWasm): C2paReader {
  const settings = readerSettings(anchors);
  let loading: Promise<C2paWasm> | undefined;
  return {
    async read(bytes, mediaType) {
      const isDetached = mediaType === DETACHED_TYPE;
      const format = isDetached ? DETACHED_TYPE : c2paFormat(mediaType);
      if (format === null) return readingOfUnknownFormat(bytes, mediaType);
      const wasm = await (loading ??= load());
      try {
        const reader = await wasm.WasmReader.fromBytes(format, bytes, settings);
        try {
          const store = manifestStoreSchema.parse(JSON.parse(reader.json()));
          return { kind: isDetached ? 'detached' : 'store', store };
        } finally {
          reader.free();
        }
      } catch (error) {
        // An instance that trapped may have left its memory in any state: the next file gets a fresh one.
        if (error instanceof Error && error.name === 'RuntimeError') loading = undefined;
        return readingOfError(error, bytes);
      }
    },
  };
}

function readerSettings({ signers, timeStamps }: TrustAnchors): string {
  const lists = [
    { trust_anchors: signers, trust_kind: 'manifest', trust_uri: SIGNER_LIST },
    { trust_anchors: timeStamps, trust_kind: 'tsa', trust_uri: TIME_STAMP_LIST },
  ].filter(({ trust_anchors }) => trust_anchors !== '');
  return JSON.stringify({
    trust: { trust_config: ACCEPTED_KEY_USAGES, ...(lists.length > 0 && { anchors: lists }) },
    verify: {
      verify_after_reading: true,
      verify_trust: true,
      verify_timestamp_trust: true,
      remote_manifest_fetch: false,
      ocsp_fetch: false,
    },
  });
}

function readingOfUnknownFormat(bytes: Buffer, mediaType: string): C2paReading {
  if (!holdsUnreadableStore(bytes, mediaType)) return { kind: 'absent' };
  return {
    kind: 'unreadable',
    reason: `a store in a file of type ${mediaType}, in which this service cannot verify them`,
  };
}

const REMOTE = /RemoteManifestUrl\("([^"]+)"\)|RemoteManifestFetch\("([^"]+)"\)/;
const ABSENT = /JumbfNotFound|ProvenanceMissing|UnsupportedType|NoManifest|JumbfBoxNotFound/;

/**
 * The bindings report by throwing a value whose text holds the Rust error name. A container that cannot be parsed and shows no trace of a store has none:
 * its damage is the decoder's news.
 */
function readingOfError(error: unknown, bytes: Buffer): C2paReading {
  const text = error instanceof Error ? error.message : String(error);
  const remote = REMOTE.exec(text);
  if (remote) return { kind: 'remote', url: remote[1] ?? remote[2] ?? '' };
  if (ABSENT.test(text) || !hasTraceOfStore(bytes)) return { kind: 'absent' };
  return { kind: 'unreadable', reason: text.slice(0, 200) };
}
