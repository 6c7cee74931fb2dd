import type { ManifestStore, ValidationStatus } from './c2pa-store.js';

/**
 * The bytes, or the claims about them, are not the ones that were signed: a hash or a signature does not match, or an assertion was taken out of the signed
 * list or slipped in beside it. Nothing else is called broken. (C2PA specification, validation status codes.)
 */
const MISMATCH =
  /^(?:assertion\.(?:hashedURI|dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash|cloud-data\.hashedURI)\.mismatch|assertion\.(?:missing|undeclared|boxesHash\.unknownBox|collectionHash\.incorrectFileCount)|claimSignature\.mismatch|hashedURI\.mismatch)$/;
const CONTENT_BOUND =
  /^assertion\.(?:dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash)\.match$/;
const EXPIRED = /^(?:signingCredential\.expired|claimSignature\.outsideValidity)$/;
/** Failures that the trust and time answers already tell. */
const ANSWERED_ELSEWHERE =
  /^(?:signingCredential\.(?:untrusted|expired|ocsp\.\w+)|claimSignature\.outsideValidity|timeStamp\.untrusted)$/;

/** Statuses about an identity assertion (CAWG) use the same codes as those about the claim itself; only their address tells them apart. */
const IDENTITY = /cawg\.identity/;

/** What was found about the active manifest, sorted by whom it concerns. */
export interface ActiveStatuses {
  readonly success: readonly ValidationStatus[];
  readonly failure: readonly ValidationStatus[];
  readonly identitySuccess: readonly string[];
  readonly identityFailure: readonly string[];
}

export function activeStatuses(store: ManifestStore): ActiveStatuses {
  const { success = [], failure = [] } = store.validation_results?.activeManifest ?? {};
  const ofIdentity = ({ code, url }: ValidationStatus): boolean =>
    code.startsWith('cawg.') || IDENTITY.test(url ?? '');
  return {
    success: success.filter((status) => !ofIdentity(status)),
    failure: failure.filter((status) => !ofIdentity(status)),
    identitySuccess: success.filter(ofIdentity).map(({ code }) => code),
    identityFailure: failure.filter(ofIdentity).map(({ code }) => code),
  };
}

export const isMismatch = (code: string): boolean => MISMATCH.test(code);
export const isContentBound = (code: string): boolean => CONTENT_BOUND.test(code);
export const isExpiry = (code: string): boolean => EXPIRED.test(code);
export const isRevocation = (code: string): boolean => code === 'signingCredential.ocsp.revoked';
/** A remark about an ingredient among the statuses of the active manifest. */
export const isAboutIngredient = (code: string): boolean => code.startsWith('ingredient.');

/** Deviations from the specification that say nothing about integrity, trust or time. */
export function isDeviation(code: string): boolean {
  return !isMismatch(code) && !isAboutIngredient(code) && !ANSWERED_ELSEWHERE.test(code);
}

/** Something is wrong with an ingredient itself. That its signer is unknown, or its certificate has expired since, is not. */
export function isIngredientProblem(code: string): boolean {
  return isMismatch(code) || isAboutIngredient(code) || isRevocation(code);
}
