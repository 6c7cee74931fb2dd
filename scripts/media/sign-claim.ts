import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type * as c2paWasm from '@contentauth/c2pa-wasm';

import { encodeCbor, encodeTag } from './cbor.js';
import type { TestSigner } from './test-authority.js';

/** What a claim says about how the media came to be. */
export interface Claim {
  readonly generator: string;
  /** Short IPTC name, such as `trainedAlgorithmicMedia`. */
  readonly digitalSourceType: string;
}

type Wasm = typeof c2paWasm;
let loading: Promise<Wasm> | undefined;

/**
 * Embeds signed Content Credentials.
 *
 * @param mediaType `image/jpeg` or `image/png`
 */
export async function signClaim(
  media: Buffer,
  mediaType: string,
  claim: Claim,
  signer: TestSigner,
): Promise<Buffer> {
  const wasm = await (loading ??= loadWasm());
  const builder = wasm.WasmBuilder.fromJson(
    JSON.stringify({
      claim_generator_info: [{ name: claim.generator, version: '1.0' }],
      format: mediaType,
      assertions: [
        {
          label: 'c2pa.actions.v2',
          data: {
            actions: [
              {
                action: 'c2pa.created',
                digitalSourceType: `http://cv.iptc.org/newscodes/digitalsourcetype/${claim.digitalSourceType}`,
              },
            ],
          },
        },
      ],
    }),
    JSON.stringify({
      builder: { thumbnail: { enabled: false } },
      verify: { verify_after_sign: false },
    }),
  );
  const definition = {
    alg: 'es256',
    reserveSize: SIGNATURE_BYTES,
    sign: async (payload: Uint8Array) => await coseSign1(payload, signer),
  };
  const signed = await builder.sign(definition, [], mediaType, new MemoryBlob([media]));
  return Buffer.from(signed);
}

/** The manifest is laid out before it is signed, so the signature must fill exactly the room that was kept for it. */
const SIGNATURE_BYTES = 2048;
const COSE_SIGN1_TAG = 18;
const ES256 = -7;
const ALGORITHM_HEADER = 1;
const X5CHAIN_HEADER = 33;

/** A COSE_Sign1 (RFC 9052) with detached payload and the certificate chain in its protected header, padded to {@link SIGNATURE_BYTES}. */
async function coseSign1(
  payload: Uint8Array,
  signer: TestSigner,
): Promise<Uint8Array<ArrayBuffer>> {
  const [leaf, ...issuers] = signer.chain;
  if (!leaf) throw new Error('Expected a signer with a certificate but its chain is empty.');
  const protectedHeader = encodeCbor(
    new Map<number, number | Uint8Array | Uint8Array[]>([
      [ALGORITHM_HEADER, ES256],
      [X5CHAIN_HEADER, issuers.length > 0 ? [leaf, ...issuers] : leaf],
    ]),
  );
  const signature = await signer.sign(
    encodeCbor(['Signature1', protectedHeader, new Uint8Array(0), payload]),
  );
  const withPadding = (bytes: number): Buffer =>
    encodeTag(COSE_SIGN1_TAG, [
      protectedHeader,
      new Map([['pad', new Uint8Array(bytes)]]),
      null,
      signature,
    ]);
  const probe = 512;
  return new Uint8Array(withPadding(SIGNATURE_BYTES - withPadding(probe).length + probe));
}

/** The signing half of the bindings expects two things of a browser worker: blobs, and a reader that reads them at once. */
class MemoryBlob extends Blob {
  readonly content: Uint8Array<ArrayBuffer>;

  constructor(parts: readonly Uint8Array[]) {
    super([...parts].map((part) => new Uint8Array(part)));
    this.content = new Uint8Array(Buffer.concat(parts));
  }

  override slice(start?: number, end?: number): MemoryBlob {
    return new MemoryBlob([this.content.slice(start, end)]);
  }
}

class MemoryBlobReader {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return new Uint8Array(blob.content).buffer;
  }
}

async function loadWasm(): Promise<Wasm> {
  if (!('self' in globalThis)) Object.assign(globalThis, { self: globalThis });
  Object.assign(globalThis, { FileReaderSync: MemoryBlobReader });
  const wasm = await import('@contentauth/c2pa-wasm');
  const module = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
  wasm.initSync({ module: readFileSync(module) });
  return wasm;
}
