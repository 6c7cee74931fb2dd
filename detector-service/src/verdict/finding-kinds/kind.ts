import type { Severity, Verdict } from '../types.js';

export interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  /** The verdict this finding argues for; null where it only informs. */
  readonly argues: Verdict | null;
}
