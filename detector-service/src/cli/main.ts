/** `mediaguard`: verify files, run the service, manage its keys. */
import { buildProgram } from './program.js';

/** 0 to 2 belong to `verify`; a command that could not run at all ends with 3. */
const COULD_NOT_RUN = 3;

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.stderr.write(`mediaguard: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = COULD_NOT_RUN;
}
