/** The JSON examples of the contract, which the package's tests read too. */
import { readFileSync } from 'node:fs';

export const EXAMPLES = new URL('../../openapi/examples/', import.meta.url);

/** @param name of the file */
export function example(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8'));
}

const SCHEMAS: Readonly<Record<string, string>> = {
  'known-media-request.json': 'KnownMediaRequest',
  'known-media-entry.json': 'KnownMedia',
  'known-media-page.json': 'KnownMediaPage',
};

/** Name of the schema that an example is of. */
export function schemaOfExample(name: string): string {
  return name.startsWith('problem-') ? 'Problem' : (SCHEMAS[name] ?? 'Verification');
}
