import { jest } from '@jest/globals';

import { buildProgram } from '../../src/cli/program.js';

/**
 * Runs the command line inside this process, which is quicker than one of its own, with the environment of the test.
 *
 * @returns what it printed
 * @throws what the program reports as "could not run"
 */
export async function runHere(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((part) => {
    printed.push(String(part));
    return true;
  });
  try {
    await buildProgram().parseAsync(args, { from: 'user' });
    return printed.join('');
  } finally {
    write.mockRestore();
  }
}
