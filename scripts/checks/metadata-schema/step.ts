import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { root } from '../../lib/command.js';
import { filesBelow } from '../../lib/files.js';
import { verdictOf, type Step } from '../../lib/steps.js';
import { parseXml } from './document.js';
import { MetadataSchema } from './schema.js';
import { validateDocument } from './validate.js';

/** Every metadata file against the types of the Metadata API. */
export const metadataSchema: Step = {
  name: 'metadata-schema',
  run() {
    const schema = MetadataSchema.load();
    const problems: string[] = [];
    const files = filesBelow(join(root, 'force-app'), (name) => name.endsWith('-meta.xml'));
    for (const file of files) {
      const report = (line: number, message: string): void => {
        problems.push(`${relative(root, file)}:${line} ${message}`);
      };
      try {
        validateDocument(parseXml(readFileSync(file, 'utf8')), schema, report);
      } catch (error) {
        report(1, `not well-formed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (files.length === 0) problems.push('No metadata file found in force-app.');
    return Promise.resolve(verdictOf(problems));
  },
};
