import type { MediaSource, StoredMedia } from '../../store/records.js';
import type { VerificationContext } from '../../verdict/types.js';

/** A request's media, whichever of the three body forms it came in. */
export interface Received {
  readonly context: VerificationContext;
  readonly source: MediaSource;
  /** Absent when the bytes are to be pulled. */
  readonly media?: StoredMedia;
}
