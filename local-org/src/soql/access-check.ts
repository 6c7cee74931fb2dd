/** Object and field permissions of a query in user mode. */
import type { AccessControl } from '../database/save-types.js';
import { PlatformError, type Transaction } from '../org/contracts.js';

/** A field some clause of the query reads. */
export interface UsedField {
  readonly object: string;
  readonly field: string;
}

/**
 * @param enforced `WITH SECURITY_ENFORCED`, which words its refusal differently
 * @throws PlatformError naming every field the user may not read
 */
export function requireReadable(
  access: AccessControl,
  tx: Transaction,
  from: string,
  used: readonly UsedField[],
  enforced: boolean,
): void {
  const objects = new Set([from, ...used.map(({ object }) => object)]);
  for (const object of objects) {
    if (object === 'Name' || access.objectRight(tx, object, 'read')) continue;
    throw enforced
      ? new PlatformError(
          'INSUFFICIENT_ACCESS',
          `Insufficient permissions: secure query included inaccessible field`,
          'QueryException',
        )
      : new PlatformError(
          'INSUFFICIENT_ACCESS',
          `Access to entity '${object}' denied`,
          'SecurityException',
        );
  }
  const hidden = used.filter(
    ({ object, field }) => object !== 'Name' && !access.fieldRight(tx, object, field, 'read'),
  );
  const [first] = hidden;
  if (!first) return;
  const fields = [...new Set(hidden.map(({ field }) => field))];
  throw enforced
    ? new PlatformError(
        'INSUFFICIENT_ACCESS',
        'Insufficient permissions: secure query included inaccessible field',
        'QueryException',
        fields,
      )
    : new PlatformError(
        'INVALID_FIELD',
        `No such column '${first.field}' on entity '${first.object}'. If you are attempting to use a custom field, be ` +
          `sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for ` +
          `the appropriate names.`,
        'QueryException',
        fields,
      );
}
