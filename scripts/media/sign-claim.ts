import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type * as c2paWasm from '@contentauth/c2pa-wasm';

import { encodeCbor, encodeTag, type CborValue } from './cbor.js';
import type { TestSigner } from './test-authority.js';
import { timeStampToken } from './time-stamp.js';

/** What a claim says about how the media came to be. */
export interface Claim {
  readonly generator: string;
  /** Short IPTC name, such as `trainedAlgorithmicMedia`; absent where the claim names none. */
  readonly digitalSourceType?: string;
  /** The program that the first action names. */
  readonly softwareAgent?: string;
  /** An edit of the media as it is: its own credentials, if any, become those of the parent. */
  readonly isEdit?: boolean;
  /** Where the credentials are kept instead of in the media. */
  readonly remoteUrl?: string;
  /** Who says to stand behind the media (CAWG, by X.509 certificate). */
  readonly identity?: TestSigner;
  /** An authority that stamps the signature, and the time it says. */
  readonly timeStamp?: { readonly authority: TestSigner; readonly at: Date };
  /** Replaces the signature by one over other bytes. */
  readonly isForged?: boolean;
}

type Wasm = typeof c2paWasm;
let loading: Promise<Wasm> | undefined;

/**
 * Embeds signed Content Credentials.
 *
 * @param mediaType any type that the reader reads
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
      ...(!claim.isEdit && { assertions: [creation(claim)] }),
    }),
    JSON.stringify({
      builder: { thumbnail: { enabled: false } },
      verify: { verify_after_sign: false },
    }),
  );
  if (claim.isEdit) builder.setIntent('edit');
  if (claim.remoteUrl) {
    builder.setNoEmbed(true);
    builder.setRemoteUrl(claim.remoteUrl);
  }
  const definition = {
    alg: 'es256',
    reserveSize: SIGNATURE_BYTES,
    sign: (payload: Uint8Array) =>
      claimSignature(claim.isForged ? Buffer.concat([payload, payload]) : payload, signer, claim),
  };
  const { identity } = claim;
  const identities = identity
    ? [
        {
          sigType: 'cawg.x509.cose',
          reserveSize: SIGNATURE_BYTES,
          referencedAssertions: [],
          roles: [],
          sign: (payload: CborInput) => identitySignature(payload, identity),
        },
      ]
    : [];
  const signed = await builder.sign(definition, identities, mediaType, new MemoryBlob([media]));
  return Buffer.from(signed);
}

function creation({ digitalSourceType, softwareAgent }: Claim): object {
  return {
    label: 'c2pa.actions.v2',
    data: {
      actions: [
        {
          action: 'c2pa.created',
          ...(softwareAgent && { softwareAgent: { name: softwareAgent } }),
          ...(digitalSourceType && {
            digitalSourceType: `http://cv.iptc.org/newscodes/digitalsourcetype/${digitalSourceType}`,
          }),
        },
      ],
    },
  };
}

/** The manifest is laid out before it is signed, so the signature must fill exactly the room that was kept for it. */
const SIGNATURE_BYTES = 4096;
const COSE_SIGN1_TAG = 18;
const ES256 = -7;
const ALGORITHM_HEADER = 1;
const X5CHAIN_HEADER = 33;

type Header = Map<string, CborValue>;

/** A COSE_Sign1 (RFC 9052) with detached payload, its certificate chain protected and its time stamp, if any, beside it. */
async function claimSignature(
  payload: Uint8Array,
  signer: TestSigner,
  { timeStamp }: Pick<Claim, 'timeStamp'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { protectedHeader, signature } = await sign1(payload, signer);
  const header: Header = new Map();
  if (timeStamp) {
    // RFC 9338 countersignature structure, as the C2PA specification asks for `sigTst2`.
    const stamped = ['CounterSignature', protectedHeader, new Uint8Array(0), encodeCbor(signature)];
    const token = await timeStampToken(encodeCbor(stamped), timeStamp.at, timeStamp.authority);
    header.set('sigTst2', new Map([['tstTokens', [new Map([['val', token]])]]]));
  }
  const withPadding = (bytes: number): Buffer =>
    encodeTag(COSE_SIGN1_TAG, [
      protectedHeader,
      new Map([...header, ['pad', new Uint8Array(bytes)]]),
      null,
      signature,
    ]);
  const probe = 512;
  return new Uint8Array(withPadding(SIGNATURE_BYTES - withPadding(probe).length + probe));
}

async function sign1(payload: Uint8Array, signer: TestSigner) {
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
  return { protectedHeader, signature };
}

interface CborInput {
  readonly referencedAssertions: readonly {
    readonly url: string;
    readonly hash: Uint8Array;
    readonly alg?: string;
  }[];
  readonly sigType: string;
}

/** Over the signer payload of the CAWG identity assertion: which assertions the identity stands behind. */
async function identitySignature(
  { referencedAssertions, sigType }: CborInput,
  signer: TestSigner,
): Promise<Uint8Array<ArrayBuffer>> {
  const payload = encodeCbor(
    new Map<string, CborValue>([
      [
        'referenced_assertions',
        referencedAssertions.map(
          ({ url, hash, alg }) =>
            new Map<string, CborValue>([
              ['url', url],
              ...(alg ? ([['alg', alg]] as const) : []),
              ['hash', hash],
            ]),
        ),
      ],
      ['sig_type', sigType],
    ]),
  );
  const { protectedHeader, signature } = await sign1(payload, signer);
  return new Uint8Array(encodeTag(COSE_SIGN1_TAG, [protectedHeader, new Map(), null, signature]));
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
