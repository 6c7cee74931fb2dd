/** Adds up milliseconds by stage. */
export class StageClock {
  private readonly spent = new Map<string, number>();

  /** @param now milliseconds since some moment */
  constructor(private readonly now: () => number = () => performance.now()) {}

  async time<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    const started = this.now();
    try {
      return await work();
    } finally {
      this.spent.set(stage, (this.spent.get(stage) ?? 0) + this.now() - started);
    }
  }

  /** Rounded to a tenth of a millisecond. */
  get stages(): Record<string, number> {
    return Object.fromEntries(
      [...this.spent].map(([stage, ms]) => [stage, Math.round(ms * 10) / 10]),
    );
  }
}
