/** Whatever comes in a header, the answer is a refusal with a code, never a fault. */
import fc from 'fast-check';

import { contextFromHeader, contextFromJson } from '../../src/http/body/context.js';
import { readIdempotencyKey } from '../../src/http/idempotency.js';
import { readLane } from '../../src/http/lane.js';
import { readPreference } from '../../src/http/prefer.js';
import { ProblemError } from '../../src/http/problems.js';
import { LANES } from '../../src/store/records.js';
import { TokenIssuers } from '../../src/trust/token-issuers.js';

/** The value, or the code of the refusal; any other error fails the property. */
function codeOr<Value>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemError && error.status >= 400 && error.status < 500) {
      return error.code;
    }
    throw error;
  }
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 400 }));

it('reads any Prefer header as a wait between nothing and 10 seconds', () => {
  const parts = fc.constantFrom('wait', '=', '"', ',', ';', 'respond-async', '1', '99999999', ' ');
  const headers = fc.oneof(
    text,
    fc.array(parts).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(headers, (header) => {
      const { waitMs } = readPreference(header, 2);
      return waitMs >= 0 && waitMs <= 10_000;
    }),
  );
});

it('reads any MediaGuard-Lane as a lane or refuses it', () => {
  fc.assert(
    fc.property(text, (header) => {
      const lane = codeOr(() => readLane(header, { waitMs: 0 }));
      return lane === 'request.lane' || LANES.some((name) => name === lane);
    }),
  );
});

it('keeps any Idempotency-Key as it is or refuses it', () => {
  fc.assert(
    fc.property(text, (header) => {
      const key = codeOr(() => readIdempotencyKey(header));
      return key === 'idempotency.malformed' || header === key || header === `"${String(key)}"`;
    }),
  );
});

it('reads any context as one or refuses it, in a header and in a form', () => {
  const field = fc.constantFrom('externalId', 'fileName', 'declaredType', '__proto__', 'x');
  const documents = fc.oneof(
    text,
    fc.json(),
    fc.dictionary(field, fc.jsonValue()).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(documents, (document) => {
      const header = Buffer.from(document).toString('base64url');
      for (const read of [() => contextFromJson(document), () => contextFromHeader(header)]) {
        const context = codeOr(read);
        if (typeof context === 'string') expect(context).toBe('request.context');
        else expect(Object.getPrototypeOf(context)).toBe(Object.prototype);
      }
      codeOr(() => contextFromHeader(document));
    }),
  );
});

it('takes no text for a token of an issuer', async () => {
  const issuers = new TokenIssuers([
    {
      tenant: 'acme',
      issuer: 'https://login.example.com/',
      audience: 'mediaguard',
      scopes: ['usage:read'],
      keys: () => Promise.reject(new Error('No key may be asked for without an issuer.')),
    },
  ]);
  const part = fc.oneof(
    text,
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      expect(await issuers.authenticate(parts.join('.'))).toBeUndefined();
    }),
  );
});
