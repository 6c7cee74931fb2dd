import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { errorCode } from './error-code.js';
import type { TrustAnchors } from './trust-anchors.js';

/** Whom a certificate of the store vouches for. */
export const TRUST_KINDS = ['signers', 'time-stamps'] as const;
export type TrustKind = (typeof TRUST_KINDS)[number];

const certificateSchema = z.object({
  kind: z.enum(TRUST_KINDS),
  /** From an official list, and replaced by the next update; or added by the operator, and kept. */
  origin: z.enum(['official', 'own']),
  /** SHA-256 over the DER certificate, lower-case hex. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  subject: z.string(),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime(),
  pem: z.string(),
});
const storeSchema = z.object({
  format: z.literal(1),
  /** Counts the changes. */
  version: z.int().min(0),
  changedAt: z.iso.datetime(),
  /** The official lists as they were fetched. */
  lists: z.array(
    z.object({
      kind: z.enum(TRUST_KINDS),
      url: z.string(),
      sha256: z.string(),
      fetchedAt: z.iso.datetime(),
    }),
  ),
  certificates: z.array(certificateSchema),
});

export type TrustedCertificate = z.infer<typeof certificateSchema>;
/** The content of `trust/current.json` in the data folder; `trust/previous.json` is the one before the last change. */
export type TrustStore = z.infer<typeof storeSchema>;

export const EMPTY_TRUST_STORE: TrustStore = Object.freeze({
  format: 1,
  version: 0,
  changedAt: new Date(0).toISOString(),
  lists: [],
  certificates: [],
});

/** The path of the store in a data folder. */
export function trustStorePath(dataFolder: string): string {
  return join(dataFolder, 'trust', 'current.json');
}

/**
 * The store at a path; empty where there is none yet.
 *
 * @throws Error where the file is there and cannot be used: trust must not get lost in silence
 */
export async function readTrustStore(path: string): Promise<TrustStore> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return EMPTY_TRUST_STORE;
    throw error;
  }
  try {
    return storeSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      `Expected the trust store ${path} to be of format 1 but it cannot be read; put previous.json beside it in its place, or remove it and run: npx mediaguard trust update`,
      { cause: error },
    );
  }
}

/** Replaces the store in one step and keeps the one before. A crash leaves either. */
export async function writeTrustStore(path: string, store: TrustStore): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const previous = await readFile(path, 'utf8').catch(() => null);
  if (previous !== null) await writeInPlace(join(folder, 'previous.json'), previous);
  await writeInPlace(path, `${JSON.stringify(store, null, 2)}\n`);
}

async function writeInPlace(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** The store after a change, with its version counted up. */
export function changed(
  store: TrustStore,
  change: Partial<Pick<TrustStore, 'lists' | 'certificates'>>,
  now: Date,
): TrustStore {
  return { ...store, ...change, version: store.version + 1, changedAt: now.toISOString() };
}

/** What the reader of Content Credentials needs of the store. */
export function anchorsOf({ certificates }: TrustStore): TrustAnchors {
  const pemOf = (kind: TrustKind): string =>
    certificates
      .filter((certificate) => certificate.kind === kind)
      .map(({ pem }) => `${pem.trim()}\n`)
      .join('');
  return { signers: pemOf('signers'), timeStamps: pemOf('time-stamps') };
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * All certificates of a PEM text.
 *
 * @param place named in errors
 * @throws Error where there is none, or one cannot be parsed
 */
export function certificatesIn(
  text: string,
  place: string,
  kind: TrustKind,
  origin: TrustedCertificate['origin'],
): TrustedCertificate[] {
  const found = new Map<string, TrustedCertificate>();
  for (const pem of text.match(PEM) ?? []) {
    const certificate = parsed(pem, place);
    const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
    found.set(fingerprint, {
      kind,
      origin,
      fingerprint,
      subject: certificate.subject.split('\n').reverse().join(', '),
      validFrom: new Date(certificate.validFrom).toISOString(),
      validTo: new Date(certificate.validTo).toISOString(),
      pem: certificate.toString().trim(),
    });
  }
  if (found.size === 0) {
    throw new Error(
      `Expected PEM certificates in ${place} but found none; give a file with BEGIN CERTIFICATE lines.`,
    );
  }
  return [...found.values()];
}

function parsed(pem: string, place: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new Error(
      `Expected PEM certificates in ${place} but one cannot be parsed; nothing was changed. Fetch the file again.`,
      { cause: error },
    );
  }
}
