import { readFile } from 'node:fs/promises';

import { decodeJwt } from 'jose';

/**
 * An example with the attestation that its file already holds, where both say the same. Each signing draws a new id and a new signature; without this
 * every run would change every example.
 */
export async function withKeptAttestation(file: URL, example: unknown): Promise<unknown> {
  const fresh = attestationOf(example);
  if (fresh === null) return example;
  const kept = attestationOf(await readJson(file));
  if (kept === null || claimsOf(kept) !== claimsOf(fresh)) return example;
  return { ...(example as object), attestation: kept };
}

async function readJson(file: URL): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function attestationOf(example: unknown): string | null {
  if (typeof example !== 'object' || example === null || !('attestation' in example)) return null;
  return typeof example.attestation === 'string' ? example.attestation : null;
}

function claimsOf(attestation: string): string {
  return JSON.stringify({ ...decodeJwt(attestation), jti: null });
}
