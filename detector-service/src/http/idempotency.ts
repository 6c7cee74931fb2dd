import { ProblemError } from './problems.js';

/** Printable ASCII up to 255 characters; the quotes of the draft standard's form are optional. */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = header.replace(/^"(.*)"$/, '$1');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ProblemError(
      400,
      'idempotency.malformed',
      'Expected Idempotency-Key to be 1 to 255 printable ASCII characters without spaces.',
      'Send an id that is unique to these bytes, such as a record id.',
    );
  }
  return key;
}
