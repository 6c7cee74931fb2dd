/** Refusals of queries in the platform's words, and the place of a construct the local org lacks. */
import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import { PlatformError, UnsupportedError } from '../org/contracts.js';

export function queryError(statusCode: string, message: string): PlatformError {
  return new PlatformError(statusCode, message, 'QueryException');
}

/** @param where file and line of the query's start */
export function unsupported(
  construct: string,
  where: string,
  context?: ApexParserRuleContext,
): UnsupportedError {
  const text = context?.getText();
  return new UnsupportedError(`SOQL ${construct}${text ? ` "${text}"` : ''}`, where);
}
