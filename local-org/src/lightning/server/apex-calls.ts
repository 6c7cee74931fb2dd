/** Calls of `@AuraEnabled` methods, answered and refused in the shapes that components see in Salesforce. */
import type { Request, Response } from 'express';
import { isAuraHandled } from '../../apex/host.js';
import { asApexException, isUncatchable } from '../../apex/run/exceptions.js';
import type { Json } from '../../org/contracts.js';
import { ApiError } from '../../rest/api-error.js';
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
    if (!isRefusal(error)) throw error;
    response.status(500).json(apexBody(error));
  }
}

/** What the platform would show to the caller; anything else is a fault of this program and stays in its log. */
const isRefusal = (error: unknown): error is Error =>
  asApexException(error) !== null || isUncatchable(error);

/** `body` of the error a component receives. */
function apexBody(error: Error): Json {
  const exception = asApexException(error);
  if (!exception) {
    return { message: error.message, exceptionType: 'System.LimitException', stackTrace: '' };
  }
  const { typeName } = exception;
  return {
    message: exception.message ?? 'Script-thrown exception',
    exceptionType: typeName,
    isUserDefinedException: !typeName.startsWith('System.'),
    stackTrace: isAuraHandled(error) ? '' : exception.trace.join('\n'),
  };
}
