/** The data about the data: the project's source as metadata, and the schema of every object of the org. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProject } from './project.js';
import { Schema } from './schema.js';
import { loadSObjectTypes } from './sobject-types.js';

export * from './describe.js';
export * from './types.js';
export { loadProject } from './project.js';
export { Schema } from './schema.js';
export { loadSObjectTypes, type JarObjects } from './sobject-types.js';
export { MetadataError, MetadataNode, type XmlElement, type XmlValue } from './xml.js';

/**
 * Loads a project and the schema of an org that holds it.
 * @param root folder of sfdx-project.json
 * @param cacheFolder where the extract of the standard types is kept
 */
export function loadSchema(
  root: string,
  cacheFolder = path.join(root, '.local-org', 'cache'),
): Schema {
  return new Schema(
    loadProject(root),
    loadSObjectTypes(fileURLToPath(new URL('.', import.meta.url)), cacheFolder),
  );
}
