/** The package of this repository, with the org's real rows, rights, queries and platform behind its Apex. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSchema, type Schema } from '../../../src/metadata/index.js';
import type { ApexSources } from '../../../src/apex/compiler/project.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

let schema: Schema | null = null;

export function projectSchema(): Schema {
  schema ??= loadSchema(ROOT, path.join(ROOT, '.local-org', 'cache'));
  return schema;
}

/** Classes and triggers of the project as the engine takes them. */
export function projectSources(): ApexSources {
  const { classes, triggers } = projectSchema().project;
  const file = (s: (typeof classes)[number]): ApexSources['classes'][number] => ({
    name: s.name,
    path: s.file,
    source: s.source,
  });
  return { classes: classes.map(file), triggers: triggers.map(file) };
}
