/** Reads what the caller says of the media, from the `MediaGuard-Context` header or a form field. */
import type { VerificationContext } from '../../verdict/types.js';
import { ProblemError } from '../problems.js';
import { describeIssues } from '../validation.js';
import { contextSchema, toContext } from '../schemas/verification.js';

/** The header holds base64url of JSON, because file names are not ASCII. */
export function contextFromHeader(header: string | undefined): VerificationContext {
  if (header === undefined || header === '') return {};
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(header)) {
    throw contextProblem('Expected MediaGuard-Context to be base64url.');
  }
  return contextFromJson(Buffer.from(header, 'base64url').toString('utf8'));
}

export function contextFromJson(text: string): VerificationContext {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw contextProblem('Expected the context to be JSON.');
  }
  const parsed = contextSchema.safeParse(value);
  if (!parsed.success) throw contextProblem(describeIssues(parsed.error, 'context'));
  return toContext(parsed.data);
}

/** The declared type of a part counts where the context says nothing; a generic type says nothing. */
export function withDeclaredType(
  context: VerificationContext,
  contentType: string | undefined,
): VerificationContext {
  const declared = contentType?.split(';')[0]?.trim().toLowerCase();
  if (context.declaredType || !declared || declared === 'application/octet-stream') return context;
  return { ...context, declaredType: declared.slice(0, 255) };
}

function contextProblem(detail: string): ProblemError {
  return new ProblemError(
    400,
    'request.context',
    detail,
    'Send a JSON object with the fields of VerificationContext in /openapi.json.',
  );
}
