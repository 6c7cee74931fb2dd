/**
 * The External Service registration of the package, made from the service's OpenAPI file so that the two can't differ.
 *
 * External Services take a subset of OpenAPI 3.0: JSON bodies only. Operations that carry media or other formats are
 * left out of the registration (Apex calls those itself), as are operations no org needs (health, metrics, keys).
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

const JSON_TYPE = 'application/json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON side of a body: null when the body has none. */
function jsonOnly(body: Json | undefined): JsonObject | null {
  if (!isObject(body)) return null;
  const content = body['content'];
  if (content === undefined) return body;
  const json = isObject(content) ? content[JSON_TYPE] : undefined;
  return json === undefined ? null : { ...body, content: { [JSON_TYPE]: json } };
}

/** Answers that are not JSON keep their status and words but lose their body. */
function jsonResponses(responses: Json | undefined): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [status, response] of Object.entries(isObject(responses) ? responses : {})) {
    kept[status] = isObject(response)
      ? (jsonOnly(response) ?? { description: response['description'] ?? status })
      : response;
  }
  return kept;
}

function isCallable(operation: JsonObject): boolean {
  const { requestBody } = operation;
  if (requestBody !== undefined && jsonOnly(requestBody) === null) return false;
  const success = Object.entries(
    isObject(operation['responses']) ? operation['responses'] : {},
  ).find(([status]) => status.startsWith('2'));
  return success === undefined || jsonOnly(success[1]) !== null;
}

/** The part of the contract that External Services can call: paths below `/v1`, JSON only. */
export function externalServiceSchema(openApi: JsonObject): JsonObject {
  const paths: Record<string, Json> = {};
  for (const [path, item] of Object.entries(isObject(openApi['paths']) ? openApi['paths'] : {})) {
    if (!path.startsWith('/v1/') || !isObject(item)) continue;
    const kept = Object.entries(item).flatMap(([key, operation]): [string, Json][] => {
      if (!METHODS.includes(key)) return [[key, operation]];
      if (!isObject(operation) || !isCallable(operation)) return [];
      const body = jsonOnly(operation['requestBody']);
      return [
        [
          key,
          {
            ...operation,
            ...(body === null ? {} : { requestBody: body }),
            responses: jsonResponses(operation['responses']),
          },
        ],
      ];
    });
    if (kept.some(([key]) => METHODS.includes(key))) paths[path] = Object.fromEntries(kept);
  }
  return { ...openApi, paths };
}

function operationIds(schema: JsonObject): string[] {
  const paths = isObject(schema['paths']) ? Object.values(schema['paths']) : [];
  return paths
    .flatMap((item) => (isObject(item) ? Object.entries(item) : []))
    .flatMap(([key, operation]) => {
      if (!METHODS.includes(key) || !isObject(operation)) return [];
      const id = operation['operationId'];
      if (typeof id !== 'string') throw new Error('Expected an operationId for every operation.');
      return [id];
    })
    .sort();
}

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** @returns the registration's metadata file */
export function externalServiceRegistration(openApi: JsonObject): string {
  const schema = externalServiceSchema(openApi);
  const operations = operationIds(schema)
    .map(
      (id) =>
        `    <operations>\n        <active>true</active>\n        <name>${id}</name>\n    </operations>\n`,
    )
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<ExternalServiceRegistration xmlns="http://soap.sforce.com/2006/04/metadata">
    <description>The MediaGuard detection service. Made from its OpenAPI file; do not edit.</description>
    <label>MediaGuard Detector</label>
    <namedCredentialReference>MediaGuard_Detector</namedCredentialReference>
${operations}    <registrationProviderType>Custom</registrationProviderType>
    <schema>${escapeXml(JSON.stringify(schema))}</schema>
    <schemaType>OpenApi3</schemaType>
    <serviceBinding>{&quot;compatibleMediaTypes&quot;:{}}</serviceBinding>
    <status>Complete</status>
    <systemVersion>3</systemVersion>
</ExternalServiceRegistration>
`;
}
