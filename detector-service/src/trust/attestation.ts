/**
 * What the service vouches for, as compact JWS (ES256). Signatures are raw (r then s, 32 bytes each), as JWS prescribes; a
 * verifier that wants DER, such as Apex `Crypto.verify`, converts them.
 */
import { SignJWT } from 'jose';
import { newId } from '../store/ids.js';
import type { Verdict } from '../verdict/types.js';
import { SIGNING_ALGORITHM, type Signer } from './signing-keys.js';

export const ATTESTATION_TYPE = 'mediaguard-attestation+jwt';
export const RELEASE_TOKEN_TYPE = 'mediaguard-release+jwt';

/** The claims of an attestation besides `iss`, `jti`, `iat`, `exp` and `sub` (the verification's id). */
export interface AttestedVerdict {
  readonly verificationId: string;
  readonly externalId: string | null;
  readonly sha256: string;
  readonly md5: string;
  readonly sizeBytes: number;
  readonly verdict: Verdict;
  readonly score: number | null;
  readonly models: readonly { readonly id: string; readonly version: string }[];
}

export interface Issuance {
  readonly issuer: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Signs a verdict. It binds the bytes (hashes, size), the caller's id for them and what was found. */
export function signAttestation(
  signer: Signer,
  verdict: AttestedVerdict,
  issuance: Issuance,
): Promise<string> {
  const { verificationId, ...claims } = verdict;
  return sign(signer, ATTESTATION_TYPE, 'att', verificationId, { ...claims }, issuance);
}

export interface Release {
  readonly verificationId: string;
  readonly externalId: string | null;
  readonly sha256: string;
  readonly verdict: Verdict;
  /** `cleared` by the verdict, or `released` by a person. */
  readonly ground: 'cleared' | 'released';
  readonly audience?: string;
}

/** Signs that these bytes may leave; another system checks it offline against the published keys. */
export function signReleaseToken(
  signer: Signer,
  release: Release,
  issuance: Issuance,
): Promise<string> {
  const { verificationId, audience, ...claims } = release;
  const withAudience = audience === undefined ? { ...claims } : { ...claims, aud: audience };
  return sign(signer, RELEASE_TOKEN_TYPE, 'rel', verificationId, withAudience, issuance);
}

function sign(
  signer: Signer,
  type: string,
  idPrefix: 'att' | 'rel',
  subject: string,
  claims: Record<string, unknown>,
  { issuer, issuedAt, expiresAt }: Issuance,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: signer.kid, typ: type })
    .setIssuer(issuer)
    .setJti(newId(idPrefix))
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(signer.privateKey);
}
