/** The named schemas of the OpenAPI file, from the same zod schemas that check requests and type answers. */
import { z } from 'zod';

import * as knownMedia from '../schemas/known-media.js';
import * as service from '../schemas/service.js';
import * as verification from '../schemas/verification.js';

export type JsonObject = { [name: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

const PUBLISHED = [
  verification.contextSchema,
  verification.publishedSourceSchema,
  verification.publishedRequestSchema,
  verification.verificationSchema,
  verification.decisionRequestSchema,
  knownMedia.knownMediaRequestSchema,
  knownMedia.knownMediaSchema,
  knownMedia.knownMediaPageSchema,
  service.problemSchema,
  service.releaseTokenRequestSchema,
  service.releaseTokenSchema,
  service.usageSchema,
  service.modelsSchema,
  service.jwksSchema,
  service.readinessSchema,
  service.healthSchema,
] as const;

export function refTo(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/**
 * OpenAPI 3.0 schemas inside the subset that Salesforce External Services read: plain references instead of `allOf`, `nullable`, and
 * objects open to new fields, so that a later version of the service does not break an older client.
 */
export function publishedSchemas(): JsonObject {
  const collected: JsonObject = {};
  for (const schema of PUBLISHED) {
    const { id } = z.globalRegistry.get(schema) ?? {};
    if (!id) throw new Error('A published schema needs an id.');
    const { definitions, ...root } = convert(schema);
    if (!('$ref' in root)) collected[id] = root;
    if (isObject(definitions)) Object.assign(collected, definitions);
  }
  return Object.fromEntries(
    Object.entries(collected)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, schema]) => [name, simplify(schema)]),
  );
}

function convert(schema: z.ZodType): JsonObject {
  const converted: unknown = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' });
  return JSON.parse(JSON.stringify(converted)) as JsonObject;
}

function simplify(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(simplify);
  if (typeof value !== 'object' || value === null) return value;
  const { allOf, ...rest } = value;
  delete rest['$schema'];
  const only = Array.isArray(allOf) && allOf.length === 1 ? allOf[0] : undefined;
  if (isObject(only) && typeof only['$ref'] === 'string') return simplify(only);
  if (typeof rest['$ref'] === 'string') {
    return refTo(rest['$ref'].slice(rest['$ref'].lastIndexOf('/') + 1));
  }
  // The format says it; zod's pattern for instants and base64 is longer than this file may bear.
  if (typeof rest['format'] === 'string') delete rest['pattern'];
  if (rest['maximum'] === Number.MAX_SAFE_INTEGER) delete rest['maximum'];
  if (rest['minimum'] === Number.MIN_SAFE_INTEGER) delete rest['minimum'];
  if (rest['additionalProperties'] === false) delete rest['additionalProperties'];
  if (rest['type'] === 'integer') rest['format'] = 'int64';
  // OpenAPI 3.0.3: an enum that may be null must list null.
  if (rest['nullable'] && Array.isArray(rest['enum'])) rest['enum'] = [...rest['enum'], null];
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, simplify(part)]));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
