/** The operations of the OpenAPI file. */
import { refTo, type JsonObject } from './components.js';

const VERIFICATION_ID: JsonObject = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string' },
};

const PREFER: JsonObject = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    'RFC 7240: wait=N seconds for the result (at most 10), or respond-async to be answered at once.',
  schema: { type: 'string' },
};

const IDEMPOTENCY_KEY: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same key with the same bytes gives the same verification; with other bytes, 422.',
  schema: { type: 'string' },
};

const LANE: JsonObject = {
  name: 'MediaGuard-Lane',
  in: 'header',
  required: false,
  description:
    'interactive is served first; bulk is for loads nobody waits for. Unless said, bulk with Prefer: respond-async, else interactive.',
  schema: { type: 'string' },
};

const CONTEXT_HEADER: JsonObject = {
  name: 'MediaGuard-Context',
  in: 'header',
  required: false,
  description: 'base64url of a VerificationContext in JSON; with a raw body only.',
  schema: { type: 'string' },
};

function queryText(name: string, description: string): JsonObject {
  return { name, in: 'query', required: false, description, schema: { type: 'string' } };
}

function queryDay(name: string): JsonObject {
  return queryText(name, 'YYYY-MM-DD.');
}

function json(schema: string): JsonObject {
  return { 'application/json': { schema: refTo(schema) } };
}

function answer(description: string, schema: string): JsonObject {
  return { description, content: json(schema) };
}

function header(description: string): JsonObject {
  return { description, schema: { type: 'string' } };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  '400': 'The request cannot be read.',
  '401': 'No live API key.',
  '403': 'The API key lacks the scope.',
  '404': 'Nothing stands here for this API key.',
  '409': 'Not possible in the present state.',
  '413': 'Larger than the service takes.',
  '415': 'A type or encoding the service does not take.',
  '422':
    'Understood, but it cannot be done: invalid fields, a key used for other media, media that cannot be judged.',
  '429': 'Too much at a time; see Retry-After.',
  '500': 'A fault of the service.',
  '503': 'Not taking work at present; see Retry-After.',
};

function problems(...statuses: readonly string[]): JsonObject {
  return Object.fromEntries(
    [...statuses, '401', '403', '429', '500'].sort().map((status) => [
      status,
      {
        description: PROBLEMS[status] ?? 'Problem.',
        content: { 'application/problem+json': { schema: refTo('Problem') } },
      },
    ]),
  );
}

const OPEN: JsonObject = { security: [] };

export const OPERATIONS: JsonObject = {
  '/v1/verifications': {
    post: {
      operationId: 'createVerification',
      summary: 'Verify media.',
      description:
        'The media comes as JSON (by reference or in base64), as multipart/form-data with the parts file and context, or as the raw body under its own media type.',
      parameters: [PREFER, IDEMPOTENCY_KEY, LANE, CONTEXT_HEADER],
      requestBody: {
        required: true,
        content: {
          ...json('VerificationRequest'),
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['file'],
              properties: {
                file: { type: 'string', format: 'binary' },
                context: { type: 'string', description: 'A VerificationContext in JSON.' },
              },
            },
          },
          'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
        },
      },
      responses: {
        '200': answer('The result.', 'Verification'),
        '202': {
          ...answer('Accepted; ask again at Location.', 'Verification'),
          headers: {
            Location: header('Where the verification stands.'),
            'Retry-After': header('Seconds to wait before asking.'),
            'Preference-Applied': header('What of Prefer was honoured.'),
          },
        },
        ...problems('400', '413', '415', '422', '503'),
      },
    },
  },
  '/v1/verifications/{id}': {
    get: {
      operationId: 'getVerification',
      summary: 'How a verification stands.',
      parameters: [VERIFICATION_ID, PREFER],
      responses: { '200': answer('The verification.', 'Verification'), ...problems('404') },
    },
  },
  '/v1/verifications/{id}/evidence/{name}': {
    get: {
      operationId: 'getEvidence',
      summary: 'The bytes of one piece of evidence.',
      parameters: [
        VERIFICATION_ID,
        { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
      ],
      responses: {
        '200': {
          description: 'The picture.',
          content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
        },
        ...problems('404'),
      },
    },
  },
  '/v1/verifications/{id}/decision': {
    post: {
      operationId: 'recordDecision',
      summary: "Record a reviewer's decision.",
      parameters: [VERIFICATION_ID],
      requestBody: { required: true, content: json('Decision') },
      responses: {
        '200': answer('The verification with its decision.', 'Verification'),
        ...problems('400', '404', '409', '422'),
      },
    },
  },
  '/v1/release-tokens': {
    post: {
      operationId: 'createReleaseToken',
      summary: 'A short-lived signed statement that media may leave.',
      requestBody: { required: true, content: json('ReleaseTokenRequest') },
      responses: {
        '200': answer('The token.', 'ReleaseToken'),
        ...problems('400', '404', '409', '422'),
      },
    },
  },
  '/v1/known-media': {
    get: {
      operationId: 'listKnownMedia',
      summary: 'Media that people of the tenant have decided on, newest first.',
      parameters: [
        queryText('standing', 'fake or genuine; both unless said.'),
        queryText('before', 'Entries older than the one of this id.'),
        queryText('limit', 'At most so many, up to 500; 100 unless said.'),
      ],
      responses: { '200': answer('Entries.', 'KnownMediaPage'), ...problems('422') },
    },
    post: {
      operationId: 'addKnownMedia',
      summary: 'Record what is known of media, in place of an earlier entry for the same bytes.',
      requestBody: { required: true, content: json('KnownMediaRequest') },
      responses: { '200': answer('The entry.', 'KnownMedia'), ...problems('400', '422') },
    },
  },
  '/v1/known-media/{sha256}': {
    delete: {
      operationId: 'removeKnownMedia',
      summary: 'Forget what is known of media.',
      parameters: [
        {
          name: 'sha256',
          in: 'path',
          required: true,
          description: 'Of the bytes, in lower-case hex.',
          schema: { type: 'string' },
        },
      ],
      responses: { '204': { description: 'Forgotten.' }, ...problems('404', '422') },
    },
  },
  '/v1/usage': {
    get: {
      operationId: 'getUsage',
      summary: 'Verifications, bytes and cost by day; the last 30 days unless said.',
      parameters: [queryDay('from'), queryDay('to')],
      responses: { '200': answer('Usage.', 'Usage'), ...problems('422') },
    },
  },
  '/v1/models': {
    get: {
      operationId: 'listModels',
      summary: 'The models in use, with their cards.',
      responses: { '200': answer('Models.', 'Models'), ...problems() },
    },
  },
  '/.well-known/jwks.json': {
    get: {
      operationId: 'getPublicKeys',
      summary: 'The keys that attestations and release tokens are checked with.',
      ...OPEN,
      responses: { '200': answer('A JWK set.', 'PublicKeySet') },
    },
  },
  '/healthz': {
    get: {
      operationId: 'getHealth',
      summary: 'The process runs.',
      ...OPEN,
      responses: { '200': answer('It runs.', 'Health') },
    },
  },
  '/readyz': {
    get: {
      operationId: 'getReadiness',
      summary: 'The service can take work: each part was just tried.',
      ...OPEN,
      responses: {
        '200': answer('Ready.', 'Readiness'),
        '503': answer('Not ready.', 'Readiness'),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'getMetrics',
      summary: 'Prometheus metrics.',
      responses: {
        '200': {
          description: 'Metrics in the Prometheus text format.',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        ...problems(),
      },
    },
  },
};
