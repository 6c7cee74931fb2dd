/** Shows media to shadows after their verdict stands. Nothing here can change, delay or lose a verdict. */
import type { Log } from '../ops/log.js';
import { errorFields } from '../ops/log.js';
import type { Metrics } from '../ops/metrics.js';
import type { Database } from '../store/database.js';
import type { StoredMedia } from '../store/records.js';
import type { Vault } from '../store/vault.js';
import type { VerificationContext, VerificationOutcome } from '../verdict/types.js';
import type { Candidate, Lineups } from './lineups.js';
import { scoreOf } from './model-score.js';

export interface JudgedMedia {
  readonly verificationId: string;
  readonly context: VerificationContext;
  readonly held: StoredMedia;
  readonly outcome: Omit<VerificationOutcome, 'evidence'>;
}

export interface ShadowRunnerParts {
  readonly lineups: Lineups;
  readonly database: Database;
  readonly vault: Vault;
  readonly timeoutMs: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Media that wait for shadows, with their bytes; beyond it shadows miss some rather than the vault filling up. */
const MOST_WAITING = 50;

export class ShadowRunner {
  readonly #parts: ShadowRunnerParts;
  readonly #waiting: JudgedMedia[] = [];
  readonly #stopping = new AbortController();
  #working: Promise<void> | null = null;

  constructor(parts: ShadowRunnerParts) {
    this.#parts = parts;
  }

  /** True when shadows want the media: then its bytes are removed here, once they have seen it. */
  take(media: JudgedMedia): boolean {
    if (this.#parts.lineups.shadowsOf(media.held.sha256).length === 0) return false;
    if (this.#stopping.signal.aborted || this.#waiting.length >= MOST_WAITING) {
      this.#parts.metrics.candidates.inc({ state: 'shadow', result: 'skipped' });
      return false;
    }
    this.#waiting.push(media);
    this.#working ??= this.#work();
    return true;
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** What waits is dropped. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    for (let media = this.#waiting.shift(); media; media = this.#waiting.shift()) {
      for (const shadow of this.#parts.lineups.shadowsOf(media.held.sha256)) {
        await this.#show(media, shadow);
      }
      // What stays behind after a fault here is found by the hourly sweep.
      await this.#parts.vault.remove(media.held.blobId).catch(() => undefined);
    }
    this.#working = null;
  }

  async #show(media: JudgedMedia, shadow: Candidate): Promise<void> {
    const { lineups, vault, timeoutMs, metrics, log } = this.#parts;
    if (this.#stopping.signal.aborted) return;
    const { held, context, verificationId } = media;
    const { sizeBytes, sha256, md5 } = held;
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const outcome = await lineups.useShadow(shadow, ({ pipeline }) =>
        vault.withFile(held.blobId, (path) =>
          pipeline.verify({ path, sizeBytes, sha256, md5 }, context, signal, 'bulk'),
        ),
      );
      if (!outcome) return;
      await this.#keep(media, shadow, outcome);
      metrics.candidates.inc({ state: 'shadow', result: 'done' });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const { modelId, version } = shadow;
      metrics.candidates.inc({ state: 'shadow', result: 'failed' });
      log.warn({
        event: 'shadow.failed',
        id: verificationId,
        modelId,
        version,
        ...errorFields(error),
      });
    }
  }

  async #keep(
    { verificationId, outcome: stood }: JudgedMedia,
    { modelId, version, activeVersion }: Candidate,
    answer: VerificationOutcome,
  ): Promise<void> {
    await this.#parts.database.query(
      `insert into shadow_answer (verification_id, model_id, version, score, active_score, verdict,
         active_verdict, active_version, total_ms, active_total_ms)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
       where exists (select 1 from verification where id = $1)
       on conflict do nothing`,
      [
        ...[verificationId, modelId, version],
        ...[scoreOf(answer.findings, modelId), scoreOf(stood.findings, modelId)],
        ...[answer.verdict, stood.verdict, activeVersion],
        ...[answer.timing.totalMs, stood.timing.totalMs],
      ],
    );
  }
}
