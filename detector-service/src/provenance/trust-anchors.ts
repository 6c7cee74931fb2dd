import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash, X509Certificate } from 'node:crypto';

import { anchorsOf, readTrustStore } from './trust-store.js';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** PEM text of certificates to trust, possibly empty. */
export interface TrustAnchors {
  /** Authorities whose certificates may sign claims. */
  readonly signers: string;
  /** Authorities whose time stamps count. They vouch for no signer. */
  readonly timeStamps: string;
}

export const NO_ANCHORS: TrustAnchors = Object.freeze({ signers: '', timeStamps: '' });

/** How a file says in its name that it lists time-stamp authorities, as the official list does. */
const TIME_STAMP_FILE = /(?:^|[^a-z])(?:tsa|time-?_?stamps?)(?:[^a-z]|$)/i;

/** PEM text as certificates. */
export function parseAnchors(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((certificate) => new X509Certificate(certificate));
}

/**
 * The certificates of a folder's `.pem`, `.crt` and `.cer` files as one PEM text. Every certificate is parsed here, so that a broken trust list is an
 * error at start and never a silent loss of trust. Files with `tsa` or `time-stamp` in their name list time-stamp authorities, all others signers.
 *
 * @param folder absent means that no signer is trusted: credentials are still verified, and their signers reported as unknown
 */
export async function readTrustAnchors(folder: string | undefined): Promise<TrustAnchors> {
  if (!folder) return NO_ANCHORS;
  const names = await readdir(folder).catch((error: unknown) => {
    throw new Error(
      `Expected a folder of PEM files with trust anchors at ${folder} but could not read it; correct the path or leave it out to trust no signer.`,
      { cause: error },
    );
  });
  const signers = new Set<string>();
  const timeStamps = new Set<string>();
  for (const name of names.filter((file) => /\.(?:pem|crt|cer)$/i.test(file)).sort()) {
    const list = TIME_STAMP_FILE.test(name) ? timeStamps : signers;
    for (const pem of (await readFile(join(folder, name), 'utf8')).match(PEM) ?? []) {
      list.add(checked(pem, name));
    }
  }
  if (signers.size + timeStamps.size === 0) {
    throw new Error(
      `Expected at least one PEM certificate in ${folder} but found none; add the trust lists as .pem files.`,
    );
  }
  return { signers: joined(signers), timeStamps: joined(timeStamps) };
}

function joined(certificates: ReadonlySet<string>): string {
  return certificates.size === 0 ? '' : `${[...certificates].join('\n')}\n`;
}

function checked(pem: string, file: string): string {
  try {
    return new X509Certificate(pem).toString().trim();
  } catch (error) {
    throw new Error(
      `Expected PEM certificates in the trust list ${file} but one cannot be parsed; replace the file with a fresh download.`,
      { cause: error },
    );
  }
}

/** Whom to trust, and how to name that in a verdict. */
export interface Trust {
  readonly anchors: TrustAnchors;
  /** Which list, by hash; null where nobody is trusted. */
  readonly name: string | null;
}

/**
 * The trust list to judge by: a folder of PEM files where one is named, else the trust store.
 *
 * @throws Error where either is there and cannot be used
 */
export async function loadTrust(
  folder: string | undefined,
  storePath: string | undefined,
): Promise<Trust> {
  if (folder !== undefined || storePath === undefined) {
    const anchors = await readTrustAnchors(folder);
    return { anchors, name: nameOf(anchors, 'folder of trust anchors') };
  }
  const store = await readTrustStore(storePath);
  const anchors = anchorsOf(store);
  return {
    anchors,
    name: nameOf(anchors, `trust store version ${store.version} of ${store.changedAt}`),
  };
}

function nameOf({ signers, timeStamps }: TrustAnchors, label: string): string | null {
  if (signers === '' && timeStamps === '') return null;
  const hash = createHash('sha256')
    .update(JSON.stringify([signers, timeStamps]))
    .digest('hex');
  return `${label}, sha256:${hash}`;
}
