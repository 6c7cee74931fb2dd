import type { C2paReport } from '../verdict/types.js';
import {
  activeStatuses,
  isAboutIngredient,
  isContentBound,
  isDeviation,
  isExpiry,
  isIngredientProblem,
  isMismatch,
  isRevocation,
  type ActiveStatuses,
} from './c2pa-codes.js';
import {
  actionsOf,
  claimGenerator,
  creatingGenerator,
  identityOf,
  ingredientsOf,
  namedGenerator,
  signerOf,
} from './c2pa-manifests.js';
import { TIME_STAMP_LIST, type C2paReading } from './c2pa-reader.js';
import type { ManifestStore, ValidationStatus } from './c2pa-store.js';
import { digitalSourceTypesIn } from './digital-source-type.js';
import { printableOrNull } from './printable.js';

/** The report plus what only findings need. */
export interface C2paFacts {
  readonly report: C2paReport;
  /** Codes of the mismatches that broke the active manifest. */
  readonly mismatches: readonly string[];
  /** Codes of problems in ingredients; they concern what the media was made from, not the media. */
  readonly ingredientProblems: readonly string[];
  readonly isRevoked: boolean;
  /** The store came without its media, so what it says is said of other bytes. */
  readonly isDetached: boolean;
  /** A generator known to make media by AI, named by any claim. */
  readonly generator: string | null;
  /** A generator that a claim without digital source type names as the maker. */
  readonly creator: string | null;
  readonly unreadableReason: string | null;
}

/** Credentials that were not found, or of which nothing could be read. */
export const NO_C2PA: C2paReport = Object.freeze({
  state: 'absent',
  trust: null,
  time: null,
  strictness: [],
  signer: null,
  claimGenerator: null,
  digitalSourceTypes: [],
  manifests: 0,
  signedAt: null,
  timestampAuthority: null,
  claimGenerators: [],
  ingredients: [],
  actions: [],
  identity: null,
  remoteHost: null,
  trustList: null,
});

const NO_FACTS = {
  report: NO_C2PA,
  mismatches: [],
  ingredientProblems: [],
  isRevoked: false,
  isDetached: false,
  generator: null,
  creator: null,
  unreadableReason: null,
} as const satisfies C2paFacts;

/** Turns a reading into the four separate answers: integrity, trust, time, strictness. Pure. */
export function reportC2pa(reading: C2paReading): C2paFacts {
  switch (reading.kind) {
    case 'absent':
      return NO_FACTS;
    case 'remote':
      return {
        ...NO_FACTS,
        report: { ...NO_C2PA, state: 'remote', remoteHost: hostOf(reading.url) },
      };
    case 'unreadable':
      return {
        ...NO_FACTS,
        report: { ...NO_C2PA, state: 'unreadable' },
        unreadableReason: reading.reason,
      };
    case 'store':
      return reportStore(reading.store);
    case 'detached':
      return detached(reportStore(reading.store));
  }
}

function reportStore(store: ManifestStore): C2paFacts {
  const statuses = activeStatuses(store);
  const success = statuses.success.map(({ code }) => code);
  const failures = statuses.failure.map(({ code }) => code);
  const mismatches = distinct(failures.filter(isMismatch));
  const isSigned = success.includes('claimSignature.validated');
  const isBound = isSigned && success.some(isContentBound);
  const state = mismatches.length > 0 ? 'broken' : isBound ? 'valid' : 'unreadable';
  const manifests = Object.values(store.manifests);
  const active = store.active_manifest ? store.manifests[store.active_manifest] : undefined;
  const time = timeOf(statuses);
  const actions = actionsOf(store);
  const isRevoked = failures.some(isRevocation);

  return {
    report: {
      state,
      trust: isSigned ? trustOf(statuses, time, isRevoked) : null,
      time: isSigned ? time : null,
      strictness: distinct(failures.filter(isDeviation)),
      signer: active ? signerOf(active) : null,
      claimGenerator: active ? claimGenerator(active) : null,
      digitalSourceTypes: distinct(
        manifests.flatMap(({ assertions }) => digitalSourceTypesIn(assertions)),
      ),
      manifests: manifests.length,
      signedAt: isSigned ? printableOrNull(active?.signature_info?.time, 40) : null,
      timestampAuthority: isSigned ? timestampAuthority(statuses) : null,
      claimGenerators: distinct(manifests.flatMap((one) => claimGenerator(one) ?? [])).slice(0, 50),
      ingredients: ingredientsOf(store),
      actions,
      identity: identityOf(active, statuses),
      remoteHost: null,
      trustList: null,
    },
    mismatches,
    ingredientProblems: ingredientProblems(store, failures),
    isRevoked,
    isDetached: false,
    generator: namedGenerator(store),
    creator: creatingGenerator(actions),
    unreadableReason:
      state === 'unreadable'
        ? (failures[0] ?? 'the store holds no signature over the content')
        : null,
  };
}

/**
 * A store by itself: the reader compares its hashes with the store's own bytes, so its word on integrity means nothing here. Whose store it is, and what
 * it says, still counts as a claim.
 */
function detached(facts: C2paFacts): C2paFacts {
  return {
    ...facts,
    report: { ...facts.report, state: 'unreadable', trust: null, time: null, strictness: [] },
    mismatches: [],
    ingredientProblems: [],
    isRevoked: false,
    isDetached: true,
    unreadableReason: 'a detached store, whose media is not part of this file',
  };
}

/**
 * A chain cannot be followed through an expired or revoked certificate: such a signer is neither trusted nor unknown. Authorities that are listed for time
 * stamps vouch for no signer: they issue certificates for many purposes.
 */
function trustOf(
  { success }: ActiveStatuses,
  time: C2paReport['time'],
  isRevoked: boolean,
): C2paReport['trust'] {
  if (isRevoked) return null;
  const trusted = success.find(({ code }) => code === 'signingCredential.trusted');
  if (trusted && !trusted.explanation?.includes(TIME_STAMP_LIST)) return 'trusted';
  return time === 'expired' ? null : 'unknown_signer';
}

/** Only a stamp of a listed authority proves a time: anyone can stamp. */
function timeOf({ success, failure }: ActiveStatuses): C2paReport['time'] {
  if (failure.some(({ code }) => isExpiry(code))) return 'expired';
  return success.some(({ code }) => code === 'timeStamp.trusted') ? 'current' : 'untimestamped';
}

/** The reader names the authority only in the explanation of the status. */
const AUTHORITY = /^timestamp message digest matched: (.+)$/;

function timestampAuthority({ success }: ActiveStatuses): string | null {
  const stamped = success.find(({ code }: ValidationStatus) => code === 'timeStamp.validated');
  return printableOrNull(AUTHORITY.exec(stamped?.explanation ?? '')?.[1]);
}

/** What fails in ingredients now, and what the signer recorded as failing then. */
function ingredientProblems(store: ManifestStore, failures: readonly string[]): string[] {
  const now = (store.validation_results?.ingredientDeltas ?? []).flatMap(({ validationDeltas }) =>
    validationDeltas.failure.map(({ code }) => code),
  );
  const then = Object.values(store.manifests)
    .flatMap(({ ingredients }) => ingredients)
    .flatMap((one) => one.validation_results?.activeManifest?.failure ?? [])
    .map(({ code }) => code);
  return distinct([
    ...failures.filter(isAboutIngredient),
    ...[...now, ...then].filter(isIngredientProblem),
  ]);
}

/** Only the host: addresses may carry tokens. */
function hostOf(url: string): string | null {
  try {
    return printableOrNull(new URL(url).host);
  } catch {
    return null;
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
