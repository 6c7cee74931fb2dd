/** Assignments of permission sets, access to setup entities, share rows and attachments. */
import { ApexBlob } from '../../values/values.js';
import type { Database } from '../database.js';
import { recordError, type ObjectBehaviour } from '../save-types.js';

export function permissionSetAssignment(database: Database): ObjectBehaviour {
  return {
    beforeStore: (_context, operation, { record }) => {
      if (operation !== 'insert') return;
      record.set('IsActive', true);
      const table = database.store.table('PermissionSetAssignment');
      const assigned = table
        .find('AssigneeId', true, [record.get('AssigneeId')])
        .some((id) => table.get(id)?.get('PermissionSetId') === record.get('PermissionSetId'));
      if (assigned) {
        record.errors.push(
          recordError(
            'DUPLICATE_VALUE',
            `Duplicate PermissionSetAssignment. Assignee: ${String(record.get('AssigneeId'))}; Permission Set: ` +
              `${String(record.get('PermissionSetId'))}`,
            'AssigneeId',
            'PermissionSetId',
          ),
        );
      }
    },
  };
}

export function setupEntityAccess(database: Database): ObjectBehaviour {
  return {
    beforeStore: (_context, _operation, { record }) => {
      const entity = database.schema.objectOfId(String(record.get('SetupEntityId')));
      record.set('SetupEntityType', entity?.name ?? null);
    },
  };
}

/** A share made by hand, unless the code names another cause. */
export const SHARE: ObjectBehaviour = {
  prepare: (_context, operation, { record }) => {
    if (operation === 'insert' && record.get('RowCause') === null) record.set('RowCause', 'Manual');
  },
};

export const ATTACHMENT: ObjectBehaviour = {
  beforeStore: (_context, _operation, { record }) => {
    const body = record.get('Body');
    record.set('BodyLength', body instanceof ApexBlob ? body.bytes.length : 0);
  },
};
