/** Refusals in Salesforce's REST form: `[{ "errorCode", "message", "fields" }]` with a fitting status. */
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { ApexLimitError, ApexThrow } from '../apex/run/exceptions.js';
import { DmlFailure, PlatformError, UnsupportedError } from '../org/contracts.js';
import type { RecordError } from '../values/values.js';

export interface ErrorEntry {
  readonly errorCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

export class ApiError extends Error {
  readonly entries: readonly ErrorEntry[];

  constructor(
    readonly status: number,
    errorCode: string,
    message: string,
    fields?: readonly string[],
  ) {
    super(message);
    this.name = 'ApiError';
    this.entries = [{ errorCode, message, ...(fields ? { fields } : {}) }];
  }
}

export const notFound = (message = 'The requested resource does not exist'): ApiError =>
  new ApiError(404, 'NOT_FOUND', message);

export const malformed = (message: string): ApiError =>
  new ApiError(400, 'JSON_PARSER_ERROR', message);

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  INSUFFICIENT_ACCESS: 403,
  CONTENT_CUSTOMIZED_DOWNLOAD_EXCEPTION: 403,
  NOT_FOUND: 404,
  INVALID_TYPE: 400,
  REQUEST_LIMIT_EXCEEDED: 403,
};

export const toEntries = (errors: readonly RecordError[]): ErrorEntry[] =>
  errors.map(({ statusCode, message, fields }) => ({
    message,
    errorCode: statusCode,
    fields: [...fields],
  }));

/** Status and entries for anything thrown. Errors nobody foresaw tell the caller nothing of the inside. */
export function describeError(error: unknown): { status: number; entries: readonly ErrorEntry[] } {
  if (error instanceof ApiError) return { status: error.status, entries: error.entries };
  if (error instanceof DmlFailure) {
    return { status: 400, entries: toEntries(error.failures[0]?.errors ?? []) };
  }
  if (error instanceof PlatformError) {
    const { statusCode, message, fields } = error;
    const entry = { errorCode: statusCode, message, ...(fields.length ? { fields } : {}) };
    return { status: STATUS_OF_CODE[statusCode] ?? 400, entries: [entry] };
  }
  if (error instanceof UnsupportedError) {
    return { status: 501, entries: [{ errorCode: 'NOT_IMPLEMENTED', message: error.message }] };
  }
  if (error instanceof ApexThrow || error instanceof ApexLimitError) {
    const { message } = error;
    return { status: 500, entries: [{ errorCode: 'APEX_ERROR', message }] };
  }
  if (isBodyParserError(error)) {
    const isLarge = error.status === 413;
    const errorCode = isLarge ? 'REQUEST_ENTITY_TOO_LARGE' : 'JSON_PARSER_ERROR';
    return { status: error.status, entries: [{ errorCode, message: error.message }] };
  }
  const message = 'An unexpected error occurred in the local org; its log has the details.';
  return { status: 500, entries: [{ errorCode: 'UNKNOWN_EXCEPTION', message }] };
}

function isBodyParserError(error: unknown): error is Error & { status: number } {
  const status = (error as { status?: unknown } | null)?.status;
  return error instanceof Error && typeof status === 'number' && status >= 400 && status < 500;
}

export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { status, entries } = describeError(error);
    if (status >= 500) log.error({ event: 'request_failed', path: request.path, err: error });
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status).json(entries);
  };
}
