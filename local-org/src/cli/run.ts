import { readFileSync } from 'node:fs';
import { createOrg } from '../org/org.js';
import { ADMINISTRATOR } from '../org/users.js';
import { note, print } from './output.js';

/** Runs a file of statements; the log lines of `System.debug` go to standard output. */
export function run(file: string, { project, data }: { project: string; data?: string }): void {
  const source = readFileSync(file, 'utf8');
  const org = createOrg({
    projectFolder: project,
    ...(data ? { dataFolder: data } : {}),
    onFailure: (origin, error) =>
      note(`${origin}: ${error instanceof Error ? error.message : String(error)}`),
  });
  const administrator = org.users.all().find(({ username }) => username === ADMINISTRATOR.username);
  if (!administrator) throw new Error(`The org has no user ${ADMINISTRATOR.username}.`);
  try {
    const lines = org.run(administrator.id, file, (tx) => org.runtime.runAnonymous(tx, source));
    for (const line of lines) print(line);
    org.runDueWork();
  } finally {
    org.close();
  }
}
