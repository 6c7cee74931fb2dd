import { createHash } from 'node:crypto';
import { request, type RequestOptions } from 'node:https';

import { errorCode } from './error-code.js';
import {
  certificatesIn,
  changed,
  type TrustedCertificate,
  type TrustKind,
  type TrustStore,
} from './trust-store.js';

/** The lists of the C2PA conformance programme. */
export const OFFICIAL_LISTS =
  'https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/';
const FILES: readonly (readonly [TrustKind, string])[] = [
  ['signers', 'C2PA-TRUST-LIST.pem'],
  ['time-stamps', 'C2PA-TSA-TRUST-LIST.pem'],
];

export interface UpdateOptions {
  /** Address of the folder that holds both lists. */
  readonly from: string;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** Certificates to verify the server by, instead of the system's. */
  readonly ca?: string;
  readonly now?: Date;
}

const MAX_LIST_BYTES = 4_000_000;
const TIMEOUT_MS = 20_000;

/**
 * The store with its official certificates replaced by the lists as they are now; the operator's own stay. Both lists are fetched and parsed before anything
 * changes.
 *
 * @throws Error with one line on what went wrong
 */
export async function updatedTrustStore(
  store: TrustStore,
  options: UpdateOptions,
): Promise<TrustStore> {
  const now = options.now ?? new Date();
  const base = new URL(options.from.endsWith('/') ? options.from : `${options.from}/`);
  if (base.protocol !== 'https:') {
    throw new Error(
      `Expected an https address for the trust lists but received ${base.protocol}//; anything else could be changed on its way.`,
    );
  }
  const fetched = await Promise.all(
    FILES.map(async ([kind, file]) => {
      const url = new URL(file, base).href;
      const bytes = await fetchBytes(url, options);
      return {
        list: {
          kind,
          url,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          fetchedAt: now.toISOString(),
        },
        certificates: certificatesIn(bytes.toString('utf8'), url, kind, 'official'),
      };
    }),
  );
  const official = fetched.flatMap(({ certificates }) => certificates);
  return changed(
    store,
    {
      lists: fetched.map(({ list }) => list),
      certificates: merged(official, store.certificates),
    },
    now,
  );
}

/** What the operator added stays where no official list names it. */
function merged(
  official: readonly TrustedCertificate[],
  before: readonly TrustedCertificate[],
): TrustedCertificate[] {
  const isListed = ({ kind, fingerprint }: TrustedCertificate): boolean =>
    official.some((one) => one.kind === kind && one.fingerprint === fingerprint);
  return [...official, ...before.filter((one) => one.origin === 'own' && !isListed(one))];
}

/** One GET without redirects, bounded in bytes and time. */
async function fetchBytes(
  url: string,
  { maxBytes = MAX_LIST_BYTES, timeoutMs = TIMEOUT_MS, ca }: UpdateOptions,
): Promise<Buffer> {
  const options: RequestOptions = { signal: AbortSignal.timeout(timeoutMs), ...(ca && { ca }) };
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const sent = request(url, options, (response) => {
        if (response.statusCode !== 200) {
          response.destroy();
          reject(new Error(`the server answered ${response.statusCode}`));
          return;
        }
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes > maxBytes) response.destroy(new Error(`it is larger than ${maxBytes} bytes`));
          else parts.push(part);
        });
        response.on('end', () => resolve(Buffer.concat(parts)));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end();
    });
  } catch (error) {
    throw new Error(
      `Expected the trust list at ${url} but could not fetch it (${reasonOf(error)}); the trust store is unchanged. Check the network, or add the list from a file: npx mediaguard trust add <file>`,
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ABORT_ERR') return 'no answer in time';
  return code ?? (error instanceof Error ? error.message : String(error));
}
