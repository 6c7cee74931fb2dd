/** What the command line prints: results to standard output, everything else to standard error. */
import { CompileFailure } from '../apex/compiler/errors.js';

export const print = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};

export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Ends the command with the reason; a fault in the Apex source is told line by line. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof CompileFailure) {
    note(`The Apex source does not compile (${error.errors.length} problems):`);
    for (const { file, line, message } of error.errors) note(`  ${file}:${line} ${message}`);
    return;
  }
  note(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  if (process.env['LOCAL_ORG_DEBUG'] && error instanceof Error) note(error.stack ?? '');
}
