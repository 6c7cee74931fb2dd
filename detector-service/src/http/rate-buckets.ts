/** Token buckets, by which a tenant's requests are counted: each holds a burst and fills at the tenant's rate. */
import type { SharedRates } from '../store/shared-rates.js';

/** A burst may be this many seconds' worth of requests. */
export const BURST_SECONDS = 10;
const MAX_IDLE_TENANTS = 10_000;

export interface Taken {
  /** 0, or the seconds after which there will be a token. */
  readonly waitSeconds: number;
  readonly remaining: number;
}

export interface RateBuckets {
  take(tenantId: string, ratePerSecond: number): Taken | Promise<Taken>;
}

/** For a process that is the only one on its database. */
export class LocalBuckets implements RateBuckets {
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; filledAt: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  take(tenantId: string, ratePerSecond: number): Taken {
    const now = this.#now();
    const capacity = ratePerSecond * BURST_SECONDS;
    const bucket = this.#buckets.get(tenantId) ?? { tokens: capacity, filledAt: now };
    const filled = bucket.tokens + ((now - bucket.filledAt) / 1000) * ratePerSecond;
    const tokens = Math.min(capacity, filled);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    if (this.#buckets.size >= MAX_IDLE_TENANTS) this.#buckets.clear();
    this.#buckets.set(tenantId, { tokens: left, filledAt: now });
    return {
      waitSeconds: tokens >= 1 ? 0 : Math.ceil((1 - tokens) / ratePerSecond),
      remaining: Math.floor(left),
    };
  }
}

/** A process asks the database for a tenth of a second's worth at once, so that few requests wait for it. */
const BATCHES_PER_SECOND = 10;
/** What was drawn and not used within this time is given up: a tenant may then get less than its rate, never more. */
const KEEP_MS = 1_000;

interface Drawn {
  tokens: number;
  remaining: number;
  waitSeconds: number;
  /** Until when this is good, by this process's clock. */
  until: number;
}

/** For processes that share a database: one bucket a tenant for all of them. */
export class SharedBuckets implements RateBuckets {
  readonly #rates: SharedRates;
  readonly #drawn = new Map<string, Drawn>();
  readonly #drawing = new Map<string, Promise<Drawn>>();

  constructor(rates: SharedRates) {
    this.#rates = rates;
  }

  async take(tenantId: string, ratePerSecond: number): Promise<Taken> {
    for (;;) {
      const drawn = this.#current(tenantId) ?? (await this.#draw(tenantId, ratePerSecond));
      if (drawn.waitSeconds > 0) return { waitSeconds: drawn.waitSeconds, remaining: 0 };
      if (drawn.tokens > 0) {
        drawn.tokens -= 1;
        return { waitSeconds: 0, remaining: drawn.remaining + drawn.tokens };
      }
      // Others who waited for the same draw used it up.
      if (this.#drawn.get(tenantId) === drawn) this.#drawn.delete(tenantId);
    }
  }

  #current(tenantId: string): Drawn | undefined {
    const drawn = this.#drawn.get(tenantId);
    return drawn && performance.now() < drawn.until ? drawn : undefined;
  }

  /** All who need tokens at the same time wait for one draw. */
  #draw(tenantId: string, ratePerSecond: number): Promise<Drawn> {
    const running = this.#drawing.get(tenantId);
    if (running) return running;
    const drawing = this.#ask(tenantId, ratePerSecond).finally(() => {
      this.#drawing.delete(tenantId);
    });
    this.#drawing.set(tenantId, drawing);
    return drawing;
  }

  async #ask(tenantId: string, ratePerSecond: number): Promise<Drawn> {
    const { granted, remaining, waitSeconds } = await this.#rates.draw(
      tenantId,
      Math.max(1, Math.floor(ratePerSecond / BATCHES_PER_SECOND)),
      ratePerSecond,
      ratePerSecond * BURST_SECONDS,
    );
    // Refused, nobody need ask again before there is a token: others can only make it later.
    const keepMs = granted > 0 ? KEEP_MS : waitSeconds * 1_000;
    const drawn = {
      tokens: granted,
      remaining,
      waitSeconds: granted > 0 ? 0 : Math.ceil(waitSeconds),
      until: performance.now() + keepMs,
    };
    if (this.#drawn.size >= MAX_IDLE_TENANTS) this.#drawn.clear();
    this.#drawn.set(tenantId, drawn);
    return drawn;
  }
}
