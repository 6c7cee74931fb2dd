/** Which base components the sources of some folders use, so that only those are built. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TAG = /<lightning-([a-z0-9-]+)/g;
const IMPORT =
  /\b(?:from|import)\s*\(?\s*['"](lwc|(?:lightning|@lwc)\/[\w/-]+|@salesforce\/(?:i18n|client)\/[\w/.-]+)['"]/g;

/**
 * Import specifiers such as `lightning/button`, in order of name. A tag or an import that no base component answers is
 * among them: it is the build of the page that refuses it, with the file that uses it.
 */
export function usedModules(folders: readonly string[]): string[] {
  const used = new Set<string>();
  for (const file of folders.flatMap(sources)) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.html')) {
      for (const [, tag = ''] of text.matchAll(TAG)) used.add(`lightning/${camelCase(tag)}`);
    } else {
      for (const [, specifier = ''] of text.matchAll(IMPORT)) used.add(specifier);
    }
  }
  return [...used].sort();
}

const camelCase = (tag: string): string =>
  tag.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Templates and scripts below a folder; tests are no part of a page. */
function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(html|js)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('__tests__'));
}
