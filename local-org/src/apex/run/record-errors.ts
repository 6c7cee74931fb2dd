import type { SObjectRecord } from '../../values/values.js';
import { ExceptionValue } from './exceptions.js';
import type { Value } from '../values/reference.js';
import { toText } from '../values/text.js';

/** `addError`: the record's save will be refused with this message. */
export function addRecordError(
  record: SObjectRecord,
  message: string,
  fields: readonly string[] = [],
): void {
  record.errors.push({ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields });
}

/** The message of `addError(value)`, which may be a text or an exception. */
export function errorMessage(value: Value): string {
  return value instanceof ExceptionValue ? (value.message ?? '') : toText(value);
}
