/** The OpenAPI document: served at `/openapi.json`, kept as `openapi/openapi.json`. */
import { VERSION } from '../../ops/version.js';
import { publishedSchemas, type JsonObject } from './components.js';
import { OPERATIONS } from './operations.js';

export function buildOpenApi(): JsonObject {
  return {
    openapi: '3.0.3',
    info: {
      title: 'MediaGuard Detection Service',
      version: VERSION,
      description:
        'Verifies images, audio, video and documents and answers with a signed verdict. Errors are RFC 9457 problem details. Clients ignore fields they do not know.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths: OPERATIONS,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key (mg_...).' },
      },
      schemas: publishedSchemas(),
    },
  };
}
