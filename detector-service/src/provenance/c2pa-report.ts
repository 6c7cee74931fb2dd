import type { C2paReport } from '../verdict/types.js';
import { namesGenerator } from './generators.js';
import type { C2paReading, ManifestStore } from './c2pa-reader.js';
import { digitalSourceTypesIn } from './digital-source-type.js';

/** The report plus what only findings need. */
export interface C2paFacts {
  readonly report: C2paReport;
  /** Codes of the mismatches that broke the active manifest. */
  readonly mismatches: readonly string[];
  /** Codes of problems in ingredients; they concern what the media was made from, not the media. */
  readonly ingredientProblems: readonly string[];
  readonly remoteUrl: string | null;
  /** A generator known to make media by AI, named by any claim. */
  readonly generator: string | null;
  readonly unreadableReason: string | null;
}

/** The bytes are not the ones that were signed. Nothing else is called broken. */
const MISMATCH =
  /^(?:assertion\.(?:hashedURI|dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash|cloud-data\.hashedURI)\.mismatch|claimSignature\.mismatch|hashedURI\.mismatch)$/;
const CONTENT_BOUND =
  /^assertion\.(?:dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash)\.match$/;
const SIGNATURE_VALID = 'claimSignature.validated';
const TRUSTED = 'signingCredential.trusted';
const EXPIRED = /^(?:signingCredential\.expired|claimSignature\.outsideValidity)$/;
const TIMESTAMPED = 'timeStamp.validated';
/** Failures that the trust and time answers already tell. */
const ANSWERED_ELSEWHERE =
  /^(?:signingCredential\.(?:untrusted|expired)|claimSignature\.outsideValidity|timeStamp\.untrusted)$/;

const EMPTY: C2paReport = Object.freeze({
  state: 'absent',
  trust: null,
  time: null,
  strictness: [],
  signer: null,
  claimGenerator: null,
  digitalSourceTypes: [],
  manifests: 0,
});

/** Turns a reading into the four separate answers: integrity, trust, time, strictness. Pure. */
export function reportC2pa(reading: C2paReading): C2paFacts {
  const nothing = {
    mismatches: [],
    ingredientProblems: [],
    remoteUrl: null,
    generator: null,
    unreadableReason: null,
  };
  switch (reading.kind) {
    case 'absent':
      return { report: EMPTY, ...nothing };
    case 'remote':
      return { report: { ...EMPTY, state: 'remote' }, ...nothing, remoteUrl: reading.url };
    case 'unreadable':
      return {
        report: { ...EMPTY, state: 'unreadable' },
        ...nothing,
        unreadableReason: reading.reason,
      };
    case 'store':
      return reportStore(reading.store);
  }
}

function reportStore(store: ManifestStore): C2paFacts {
  const results = store.validation_results?.activeManifest;
  const success = new Set((results?.success ?? []).map(({ code }) => code));
  const failures = (results?.failure ?? []).map(({ code }) => code);
  const manifests = Object.values(store.manifests);
  const active = store.active_manifest ? store.manifests[store.active_manifest] : undefined;
  const mismatches = failures.filter((code) => MISMATCH.test(code));
  const isBound =
    success.has(SIGNATURE_VALID) && [...success].some((code) => CONTENT_BOUND.test(code));
  const state = mismatches.length > 0 ? 'broken' : isBound ? 'valid' : 'unreadable';
  const isSigned = success.has(SIGNATURE_VALID);
  const time = timeOf(failures, success);

  return {
    report: {
      state,
      trust: isSigned ? trustOf(success, time) : null,
      time: isSigned ? time : null,
      strictness: distinct(
        failures.filter((code) => !MISMATCH.test(code) && !ANSWERED_ELSEWHERE.test(code)),
      ),
      signer: active?.signature_info?.common_name ?? active?.signature_info?.issuer ?? null,
      claimGenerator: active ? claimGenerator(active) : null,
      digitalSourceTypes: distinct(
        manifests.flatMap(({ assertions }) => digitalSourceTypesIn(assertions)),
      ),
      manifests: manifests.length,
    },
    mismatches: distinct(mismatches),
    ingredientProblems: distinct(
      (store.validation_results?.ingredientDeltas ?? []).flatMap(({ validationDeltas }) =>
        validationDeltas.failure.map(({ code }) => code),
      ),
    ),
    remoteUrl: null,
    generator: firstGenerator(manifests),
    unreadableReason:
      state === 'unreadable'
        ? (failures[0] ?? 'the store holds no signature over the content')
        : null,
  };
}

/** A chain cannot be followed through an expired certificate: such a signer is neither trusted nor unknown. */
function trustOf(success: ReadonlySet<string>, time: C2paReport['time']): C2paReport['trust'] {
  if (success.has(TRUSTED)) return 'trusted';
  return time === 'expired' ? null : 'unknown_signer';
}

function timeOf(failures: readonly string[], success: ReadonlySet<string>): C2paReport['time'] {
  if (failures.some((code) => EXPIRED.test(code))) return 'expired';
  return success.has(TIMESTAMPED) ? 'current' : 'untimestamped';
}

type Manifest = ManifestStore['manifests'][string];

function claimGenerator(manifest: Manifest): string | null {
  return manifest.claim_generator_info?.[0]?.name ?? manifest.claim_generator ?? null;
}

/** A claim by a generator counts for AI only through its digital source type; the name merely says which generator it was. */
function firstGenerator(manifests: readonly Manifest[]): string | null {
  for (const manifest of manifests) {
    const named = namesGenerator(
      [
        claimGenerator(manifest),
        manifest.signature_info?.issuer,
        manifest.signature_info?.common_name,
        softwareAgents(manifest),
      ]
        .filter(Boolean)
        .join(' '),
    );
    if (named) return named;
  }
  return null;
}

function softwareAgents(manifest: Manifest): string {
  const names: string[] = [];
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'string' && (key === 'softwareAgent' || key === 'name')) names.push(value);
    else if (value && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value))
        visit(inner, key === 'softwareAgent' ? 'name' : name);
    }
  };
  for (const { label, data } of manifest.assertions) {
    if (label.startsWith('c2pa.actions')) visit(data, label);
  }
  return names.slice(0, 20).join(' ');
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
