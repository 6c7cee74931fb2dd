import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { root } from '../lib/command.js';
import { externalServiceRegistration, type JsonObject } from './external-service.js';

export interface Artifact {
  /** Path in the checkout. */
  readonly file: string;
  readonly content: string;
}

const service = join(root, 'detector-service', 'openapi');
const verification = join(root, 'force-app', 'main', 'verification');
const examples = join(root, 'force-app', 'tests', 'verification', 'staticresources');

const readJson = (file: string): JsonObject => JSON.parse(readFileSync(file, 'utf8')) as JsonObject;

/**
 * What the package holds of the service's contract: the External Service registration, and the JSON examples that the
 * service's tests use too, as one static resource `{<example name>: <example>}`.
 */
export function contractArtifacts(): Artifact[] {
  const folder = join(service, 'examples');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  const bundle = Object.fromEntries(
    names.map((name) => [basename(name, '.json'), readJson(join(folder, name))]),
  );
  return [
    {
      file: join(
        verification,
        'externalServiceRegistrations',
        'MediaGuard_Detector.externalServiceRegistration-meta.xml',
      ),
      content: externalServiceRegistration(readJson(join(service, 'openapi.json'))),
    },
    {
      file: join(examples, 'MediaGuardContractExamples.json'),
      content: `${JSON.stringify(bundle, null, 2)}\n`,
    },
    {
      file: join(examples, 'MediaGuardContractExamples.resource-meta.xml'),
      content: `<?xml version="1.0" encoding="UTF-8"?>
<StaticResource xmlns="http://soap.sforce.com/2006/04/metadata">
    <cacheControl>Private</cacheControl>
    <contentType>application/json</contentType>
    <description>Examples of the detection service's contract, shared with its own tests. Made by a script; do not edit.</description>
</StaticResource>
`,
    },
  ];
}
