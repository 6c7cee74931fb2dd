/** What the store keeps, as the rest of the service sees it. */
import type { EvidenceKind, VerificationContext, VerificationOutcome } from '../verdict/types.js';

export const STATUSES = ['queued', 'running', 'complete', 'failed'] as const;
export type Status = (typeof STATUSES)[number];

/** Someone waits for the answers of the interactive lane; the bulk lane may take its time. */
export const LANES = ['interactive', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** Where the bytes come from: pushed with the request, or to be pulled from a registered org. */
export type MediaSource =
  | { readonly type: 'upload' }
  | { readonly type: 'salesforce'; readonly orgId: string; readonly contentVersionId: string };

/** Why a verification failed. `isRetryable` says whether sending the same media again can help. */
export interface FailureProblem {
  readonly code: string;
  readonly detail: string;
  readonly next: string;
  readonly isRetryable: boolean;
}

/** An outcome without the bytes of its evidence: those live in the vault. */
export type StoredOutcome = Omit<VerificationOutcome, 'evidence'>;

export interface EvidenceRecord {
  readonly name: string;
  readonly kind: EvidenceKind;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly blobId: string;
}

export const DECISIONS = ['release', 'confirm_fake'] as const;

/** A person's decision on a verification, made in the org. */
export interface Decision {
  readonly decision: (typeof DECISIONS)[number];
  readonly reason: string;
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

/** The bytes of a verification in the vault. */
export interface StoredMedia {
  readonly blobId: string;
  readonly sha256: string;
  readonly md5: string;
  readonly sizeBytes: number;
}

export interface VerificationRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly status: Status;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly fingerprint: string;
  readonly context: VerificationContext;
  readonly source: MediaSource;
  readonly media: Omit<StoredMedia, 'blobId'> | null;
  /** Null once the bytes are judged and removed, or before they are pulled. */
  readonly blobId: string | null;
  readonly outcome: StoredOutcome | null;
  readonly attestation: string | null;
  readonly costMicros: number | null;
  readonly costStages: Readonly<Record<string, number>>;
  /** Why it is not worked on though it is queued; null where nothing keeps it. */
  readonly heldReason: string | null;
  readonly problem: FailureProblem | null;
  readonly evidence: readonly EvidenceRecord[];
  /** The latest one. */
  readonly decision: Decision | null;
}
