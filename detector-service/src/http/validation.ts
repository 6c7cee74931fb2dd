import type { ZodError, ZodType } from 'zod';

import { ProblemError } from './problems.js';

/** Where each fault is and what was expected there; never the value received. */
export function describeIssues(error: ZodError, root: string): string {
  return error.issues
    .map((issue) => `${[root, ...issue.path].join('.')}: ${issue.message}`)
    .join('; ');
}

/** @throws ProblemError 422 `request.invalid` */
export function parseInput<Output>(
  schema: ZodType<Output>,
  value: unknown,
  root: 'body' | 'query' | 'path',
): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(
    422,
    'request.invalid',
    describeIssues(parsed.error, root),
    'Correct the fields named; the contract is at /openapi.json.',
  );
}
