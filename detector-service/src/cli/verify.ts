/** `mediaguard verify`: one row, or one JSON object, a file. */
import type { Config } from '../ops/config.js';
import { listFiles } from './files.js';
import { judgeFile, type Judgement } from './judge.js';
import { pipelineOf } from './pipeline.js';
import { progressBar } from './progress.js';

export const EXIT = { clear: 0, doubtful: 1, unjudged: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface VerifyOptions {
  readonly isJsonLines: boolean;
}

/** Prints in the order of the files, as soon as each can be printed. Resolves with the exit code. */
export async function verifyFiles(
  paths: readonly string[],
  config: Config,
  { isJsonLines }: VerifyOptions,
): Promise<ExitCode> {
  const files = await listFiles(paths);
  const pipeline = await pipelineOf(config);
  const progress = startProgress(files.length);
  const judgements: Judgement[] = [];
  const done = new Map<number, Judgement>();
  let next = 0;

  const print = (): void => {
    for (let ready = done.get(judgements.length); ready; ready = done.get(judgements.length)) {
      judgements.push(ready);
      progress.printed(isJsonLines ? jsonLine(ready) : row(ready));
    }
  };
  const work = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const file = files[index];
      if (file === undefined) return;
      done.set(index, await judgeFile(file, pipeline, config));
      print();
    }
  };
  try {
    await Promise.all(Array.from({ length: config.workers }, work));
  } finally {
    progress.stop();
    await pipeline.close();
  }
  return exitCodeOf(judgements);
}

/** What could not be judged outweighs what is suspect: the caller does not know everything yet. */
export function exitCodeOf(judgements: readonly Judgement[]): ExitCode {
  const verdicts = judgements.map((judgement) =>
    'error' in judgement ? 'not_evaluated' : judgement.resource.verdict,
  );
  if (verdicts.length === 0) return EXIT.unjudged;
  if (verdicts.includes('not_evaluated')) return EXIT.unjudged;
  const isFine = verdicts.every((verdict) => verdict === 'clear' || verdict === 'authentic');
  return isFine ? EXIT.clear : EXIT.doubtful;
}

export function jsonLine(judgement: Judgement): string {
  return JSON.stringify(
    'error' in judgement ? judgement : { file: judgement.file, ...judgement.resource },
  );
}

/** Verdict, score and file in columns, then the reasons that weigh. */
export function row(judgement: Judgement): string {
  if ('error' in judgement) {
    return columns(
      'error',
      null,
      judgement.file,
      `${judgement.error.code}: ${judgement.error.message}`,
    );
  }
  const { verdict, score, findings } = judgement.resource;
  const reasons = findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ title, code }) => `${title} (${code})`)
    .join(', ');
  return columns(verdict ?? 'not_evaluated', score, judgement.file, reasons);
}

function columns(verdict: string, score: number | null, file: string, reasons: string): string {
  const figure = score === null ? '    ' : score.toFixed(2);
  return `${verdict.padEnd(13)}  ${figure}  ${printable(file)}${reasons && `  ${reasons}`}`;
}

/** A file name may hold line breaks and terminal codes; a row must not. */
function printable(file: string): string {
  return file.replace(/\p{Cc}/gu, '?');
}

interface Progress {
  printed(line: string): void;
  stop(): void;
}

/** Rows go to standard output, the bar to standard error; both may be the same terminal. */
function startProgress(total: number): Progress {
  const bar = progressBar('files');
  bar.start(total);
  return {
    printed(line) {
      if (process.stdout.isTTY) bar.clear();
      process.stdout.write(`${line}\n`);
      bar.advance();
    },
    stop: () => bar.stop(),
  };
}
