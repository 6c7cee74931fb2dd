import cliProgress from 'cli-progress';

export interface Progress {
  start(total: number): void;
  advance(): void;
  stop(): void;
}

/** A bar on standard error, on a terminal only. */
export function progressBar(what: string): Progress {
  if (!process.stderr.isTTY) {
    return { start: () => undefined, advance: () => undefined, stop: () => undefined };
  }
  const bar = new cliProgress.SingleBar({
    format: `{bar} {value}/{total} ${what}, {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    start: (total) => bar.start(total, 0),
    advance: () => bar.increment(),
    stop: () => bar.stop(),
  };
}
