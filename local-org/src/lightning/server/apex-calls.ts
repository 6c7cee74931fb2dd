/** Calls of `@AuraEnabled` methods, answered and refused in the shapes that components see in Salesforce. */
import type { Request, Response } from 'express';
import type { Json } from '../../org/contracts.js';
import { ApiError, describeError } from '../../rest/api-error.js';
import { asUser, type RestContext } from '../../rest/context.js';
import { requireObject } from '../../rest/record-json.js';

export function sendApexAnswer(context: RestContext, request: Request, response: Response): void {
  const { className, method, parameters } = requireObject(request.body, 'the call');
  if (typeof className !== 'string' || typeof method !== 'string') {
    throw new ApiError(400, 'INVALID_INPUT', 'Expected className and method of an Apex call.');
  }
  if (!context.org.apex.hasAuraMethod(className, method)) {
    throw new ApiError(
      404,
      'NOT_FOUND',
      `There is no @AuraEnabled static method ${method} in ${className}.`,
    );
  }
  const values = requireObject(parameters ?? {}, 'the parameters') as Record<string, Json>;
  try {
    const returnValue = asUser(context, request, response, (tx) =>
      context.org.apex.callAura(tx, className, method, values),
    );
    response.json({ returnValue });
  } catch (error) {
    const { status, entries } = describeError(error);
    if (status >= 500 && entries[0]?.errorCode === 'UNKNOWN_EXCEPTION') throw error;
    response.status(500).json(
      apexBody(
        error,
        entries.map(({ message }) => message),
      ),
    );
  }
}

/** `body` of the error a component receives: `AuraHandledException` gives its message, others also their type. */
function apexBody(error: unknown, messages: readonly string[]): Json {
  const { typeName, message, stack } = error as {
    typeName?: string;
    message: string;
    stack?: string;
  };
  const isHandled = typeName?.endsWith('AuraHandledException') ?? false;
  return {
    message: typeName ? message : messages.join(' '),
    exceptionType: typeName ?? 'System.UnexpectedException',
    isUserDefinedException: !isHandled && typeName !== undefined && !typeName.startsWith('System.'),
    stackTrace: isHandled
      ? ''
      : ((error as { apexStackTrace?: string }).apexStackTrace ?? stack ?? ''),
  };
}
