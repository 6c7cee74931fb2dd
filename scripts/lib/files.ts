import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder, sorted, whose name passes the test. */
export function filesBelow(folder: string, accept: (name: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && accept(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
