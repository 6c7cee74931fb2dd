/** `mediaguard trust`: whom Content Credentials are trusted by, kept in the data folder. A running service takes changes up at its next start. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Config } from '../ops/config.js';
import {
  certificatesIn,
  changed,
  readTrustStore,
  trustStorePath,
  writeTrustStore,
  type TrustedCertificate,
  type TrustKind,
} from '../provenance/trust-store.js';
import { updatedTrustStore } from '../provenance/trust-update.js';

export async function listTrust(config: Config): Promise<void> {
  const store = await readTrustStore(trustStorePath(config.dataFolder));
  print(`version ${store.version}, changed ${store.changedAt}`);
  for (const { kind, url, sha256, fetchedAt } of store.lists) {
    print(`list\t${kind}\t${url}\tsha256:${sha256}\t${fetchedAt}`);
  }
  for (const certificate of store.certificates) print(line(certificate));
  if (store.certificates.length === 0) {
    print('No signer is trusted. Fetch the official lists: npx mediaguard trust update');
  }
}

/** @param place a PEM file, or a folder of them */
export async function addTrust(config: Config, place: string, kind: TrustKind): Promise<void> {
  const path = trustStorePath(config.dataFolder);
  const store = await readTrustStore(path);
  const found = await certificatesAt(place, kind);
  const added = found.filter(
    (one) =>
      !store.certificates.some(
        (known) => known.kind === kind && known.fingerprint === one.fingerprint,
      ),
  );
  if (added.length > 0) {
    const certificates = [...store.certificates, ...added];
    await writeTrustStore(path, changed(store, { certificates }, new Date()));
  }
  for (const certificate of added) print(line(certificate));
  print(`Added ${added.length}, already there ${found.length - added.length}.`);
}

async function certificatesAt(place: string, kind: TrustKind): Promise<TrustedCertificate[]> {
  if (!(await stat(place)).isDirectory()) {
    return certificatesIn(await readFile(place, 'utf8'), place, kind, 'own');
  }
  const files = (await readdir(place)).filter((name) => /\.(?:pem|crt|cer)$/i.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(place, name), 'utf8')));
  return certificatesIn(texts.join('\n'), place, kind, 'own');
}

/** The shortest beginning of a fingerprint that may stand for it. */
const MIN_FINGERPRINT = 8;

export async function removeTrust(config: Config, fingerprint: string): Promise<void> {
  const path = trustStorePath(config.dataFolder);
  const store = await readTrustStore(path);
  const wanted = fingerprint.replaceAll(':', '').toLowerCase();
  const removed = store.certificates.filter((one) => one.fingerprint.startsWith(wanted));
  if (wanted.length < MIN_FINGERPRINT || removed.length === 0) {
    throw new Error(
      `Expected the fingerprint of a trusted certificate, or its first ${MIN_FINGERPRINT} digits or more, but received ${fingerprint}; see: npx mediaguard trust list`,
    );
  }
  const certificates = store.certificates.filter((one) => !removed.includes(one));
  await writeTrustStore(path, changed(store, { certificates }, new Date()));
  for (const certificate of removed) print(`removed\t${line(certificate)}`);
}

export async function updateTrust(config: Config, from: string): Promise<void> {
  const path = trustStorePath(config.dataFolder);
  const before = await readTrustStore(path);
  const after = await updatedTrustStore(before, { from });
  await writeTrustStore(path, after);
  const known = new Set(before.certificates.map(({ fingerprint }) => fingerprint));
  const current = new Set(after.certificates.map(({ fingerprint }) => fingerprint));
  for (const one of after.certificates) if (!known.has(one.fingerprint)) print(`new\t${line(one)}`);
  for (const one of before.certificates) {
    if (!current.has(one.fingerprint)) print(`gone\t${line(one)}`);
  }
  for (const { url, sha256 } of after.lists) print(`fetched\t${url}\tsha256:${sha256}`);
  print(`Version ${after.version} holds ${after.certificates.length} certificates.`);
}

function line({
  kind,
  origin,
  fingerprint,
  subject,
  validFrom,
  validTo,
}: TrustedCertificate): string {
  const span = `${validFrom.slice(0, 10)}..${validTo.slice(0, 10)}`;
  return `${kind}\t${origin}\t${fingerprint}\t${span}\t${subject}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
