/** The words of a verification, shared by every part of the service. The OpenAPI file describes the same shapes. */
import type { Fingerprint } from '../intake/fingerprints/fingerprint.js';

export const VERDICTS = [
  'authentic',
  'clear',
  'suspect',
  'synthetic',
  'tampered',
  'not_evaluated',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What a piece of evidence shows: the media re-encoded, where a model saw something, a marked region, a page of a document, the frames of a video that
 * were judged, a sound over time and frequency.
 */
export const EVIDENCE_KINDS = [
  'preview',
  'heatmap',
  'region_map',
  'page',
  'frame_strip',
  'spectrogram',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One piece of evidence as bytes, on its way to the vault. */
export interface EvidenceFile {
  /** Unique within the verification, safe in a URL path; a heat map's ends with the id of its model: `heatmap-image-edited.jpg`. */
  readonly name: string;
  readonly kind: EvidenceKind;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** One reason for a verdict. */
export interface Finding {
  /** Stable, dotted: `c2pa.ai_generated`, `image.generated`, `mime.mismatch`. */
  readonly code: string;
  readonly severity: Severity;
  /** A few words for a list. */
  readonly title: string;
  /** One plain sentence for a reviewer. */
  readonly detail: string;
  readonly detector: string;
  readonly detectorVersion: string;
  /** Probability 0..1 where the finding is statistical; null where it is a fact. */
  readonly score: number | null;
  readonly evidence: readonly { readonly kind: EvidenceKind; readonly name: string }[];
}

export interface MediaFacts {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly md5: string;
  readonly sizeBytes: number;
  /** By content, never by name. `application/octet-stream` when nothing matches. */
  readonly mediaType: string;
  readonly declaredType: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationSeconds: number | null;
  /** 64-bit pHash in hex, null where there are no pixels. */
  readonly perceptualHash: string | null;
}

export type C2paState = 'absent' | 'valid' | 'broken' | 'remote' | 'unreadable';

/** Something the media was made from. */
export interface C2paIngredient {
  readonly title: string | null;
  /** `parentOf`, `componentOf`, `inputTo`. */
  readonly relationship: string | null;
  /** Of the ingredient's own credentials; `absent` where it had none, `unreadable` where they are missing from the store. */
  readonly state: 'valid' | 'broken' | 'absent' | 'unreadable';
  readonly signer: string | null;
  readonly digitalSourceTypes: readonly string[];
}

/** One step in the making of the media. */
export interface C2paAction {
  /** `c2pa.created`, `c2pa.opened`, … */
  readonly action: string;
  readonly digitalSourceType: string | null;
  readonly softwareAgent: string | null;
}

/**
 * An identity assertion (CAWG): a person or organisation says to stand behind the media. `needs_network` where it could be checked only by asking its
 * issuer, which this service does not.
 */
export interface C2paIdentity {
  readonly state: 'present' | 'validated' | 'needs_network' | 'invalid';
  readonly names: readonly string[];
}

export interface C2paReport {
  readonly state: C2paState;
  readonly trust: 'trusted' | 'unknown_signer' | null;
  readonly time: 'current' | 'expired' | 'untimestamped' | null;
  /** Spec-conformance remarks that say nothing about integrity. */
  readonly strictness: readonly string[];
  readonly signer: string | null;
  readonly claimGenerator: string | null;
  /** Short names (`trainedAlgorithmicMedia`) over all manifests. */
  readonly digitalSourceTypes: readonly string[];
  readonly manifests: number;
  /** ISO 8601, as the time stamp or the claim says. */
  readonly signedAt: string | null;
  /** Who stamped the time; `time` says whether it counts. */
  readonly timestampAuthority: string | null;
  /** Over all manifests, the active manifest's first. */
  readonly claimGenerators: readonly string[];
  readonly ingredients: readonly C2paIngredient[];
  readonly actions: readonly C2paAction[];
  readonly identity: C2paIdentity | null;
  /** With state `remote`: where the credentials lie. Only the host, since addresses may carry tokens. */
  readonly remoteHost: string | null;
  /** Which trust list `trust` was judged by, with its hash; null where no list was there or trust was not judged. */
  readonly trustList: string | null;
}

export interface SignatureReport {
  readonly state: 'none' | 'valid' | 'invalid' | 'unknown_key' | 'replayed';
}

export interface ProvenanceReport {
  readonly c2pa: C2paReport;
  /** IPTC digital source type from XMP or IPTC, outside C2PA. */
  readonly digitalSourceType: string | null;
  /** Generator named by metadata, such as `Stable Diffusion` or `ComfyUI`. */
  readonly generator: string | null;
  readonly camera: string | null;
  /** ISO 8601 as the media claims it. */
  readonly capturedAt: string | null;
  readonly signature: SignatureReport;
}

/** What the caller says of the media. All of it is untrusted. */
export interface VerificationContext {
  readonly externalId?: string;
  readonly fileName?: string;
  readonly declaredType?: string;
  readonly sourceApplication?: string;
  readonly channelKeyId?: string;
  readonly signature?: string;
  readonly capturedAt?: string;
  readonly uploadedBy?: string;
}

/** The media under verification: bytes on local disk, hashed on their way there. */
export interface HeldMedia {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
}

/** What the pipeline found, before it is stored, signed and given an id. */
export interface VerificationOutcome {
  readonly media: MediaFacts;
  readonly verdict: Verdict;
  /** Calibrated probability 0..1 that the media is synthetic or manipulated; null when not measured. */
  readonly score: number | null;
  readonly findings: readonly Finding[];
  readonly provenance: ProvenanceReport;
  readonly models: readonly { readonly id: string; readonly version: string }[];
  readonly timing: { readonly totalMs: number; readonly stages: Readonly<Record<string, number>> };
  readonly evidence: readonly EvidenceFile[];
  /** Of the content, to recognise copies; never shown in answers. */
  readonly fingerprints?: readonly Fingerprint[];
}

/** A model as the pipeline runs it. */
export interface DescribedModel {
  readonly id: string;
  readonly version: string;
  /** Of the ONNX file. */
  readonly sha256: string;
  /** Of all that decides its answers, see `configurationHash`. */
  readonly configurationSha256: string;
  /** Markdown; empty where it has none. */
  readonly card: string;
}

/**
 * The detection pipeline. `verify` throws {@link MediaRefusedError} for input that cannot be judged within the limits;
 * any other rejection is a fault of the service and the work is retried.
 */
export interface VerificationPipeline {
  verify(
    media: HeldMedia,
    context: VerificationContext,
    signal: AbortSignal,
    /** Whether somebody waits for the outcome; interactive by default. */
    lane?: 'interactive' | 'bulk',
  ): Promise<VerificationOutcome>;
  readonly models: readonly DescribedModel[];
  /** The trust list that judges signers, with its hash; null where nobody is trusted. */
  readonly trustList: string | null;
  /** The same for signatures on documents. */
  readonly documentTrustList: string | null;
  /** Stops child processes. */
  close(): Promise<void>;
}

/** The input itself is the problem: retrying the same bytes cannot help. */
export class MediaRefusedError extends Error {
  constructor(
    /** Stable, dotted: `media.too_large`, `media.too_many_pixels`, `media.unreadable`, `media.unsupported_type`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MediaRefusedError';
  }
}
