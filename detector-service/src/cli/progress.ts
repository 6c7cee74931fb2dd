import cliProgress from 'cli-progress';

export interface Progress {
  start(total: number): void;
  advance(): void;
  /** Makes room for a row on the same terminal; the bar is drawn again with the next step. */
  clear(): void;
  stop(): void;
}

/** What a bar is drawn on: standard error, or a stand-in for a terminal. */
export type BarStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A bar on standard error, on a terminal only. */
export function progressBar(what: string, stream: BarStream = process.stderr): Progress {
  if (!stream.isTTY) {
    const nothing = (): void => undefined;
    return { start: nothing, advance: nothing, clear: nothing, stop: nothing };
  }
  const bar = new cliProgress.SingleBar({
    format: `{bar} {value}/{total} ${what}, {eta_formatted} left`,
    stream,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    start: (total) => bar.start(total, 0),
    advance: () => bar.increment(),
    clear: () => void stream.write('\r\u001b[K'),
    stop: () => bar.stop(),
  };
}
