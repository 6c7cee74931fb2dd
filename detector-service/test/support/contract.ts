/** Checks an answer against the OpenAPI file, strictly: a field the file does not name is a fault. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}
export interface OpenApiFile {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json> };
}

const FILE = new URL('../../openapi/openapi.json', import.meta.url);
export const openApiFile = JSON.parse(readFileSync(FILE, 'utf8')) as OpenApiFile;

const validators = new Map<OpenApiFile, Ajv>();

/** @param file the service's own OpenAPI file, or what another program holds of it */
export function schemaFaults(file: OpenApiFile, schemaName: string, value: unknown): string[] {
  const ajv = validators.get(file) ?? validatorOf(file);
  validators.set(file, ajv);
  const validate = ajv.getSchema(`#/components/schemas/${schemaName}`) as ValidateFunction;
  return validate(value)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

export function faultsOf(schemaName: string, value: unknown): string[] {
  return schemaFaults(openApiFile, schemaName, value);
}

function validatorOf(file: OpenApiFile): Ajv {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormatsModule.default(ajv, ['date-time']);
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addFormat('binary', true);
  for (const [name, schema] of Object.entries(file.components.schemas)) {
    ajv.addSchema(closed(schema) as object, `#/components/schemas/${name}`);
  }
  return ajv;
}

/** The faults of an answer to an operation: undeclared status or media type, or a body that is not of its schema. */
export async function answerFaults(
  path: string,
  method: string,
  response: Response,
): Promise<string[]> {
  const declared = openApiFile.paths[path]?.[method]?.responses[String(response.status)];
  if (!declared) return [`${method} ${path} does not declare status ${response.status}`];
  const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
  const reference = declared.content?.[type]?.schema.$ref;
  if (!reference) return [`${method} ${path} ${response.status} does not declare ${type}`];
  return faultsOf(reference.slice(reference.lastIndexOf('/') + 1), await response.clone().json());
}

/** Every object with named properties takes no others. */
function closed(value: Json): Json {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const parts = Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, closed(part)]),
  );
  return parts['type'] === 'object' && parts['properties']
    ? { ...parts, additionalProperties: false }
    : parts;
}
