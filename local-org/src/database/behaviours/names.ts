/** People's full names, which the platform puts together from their parts. */
import type { ObjectBehaviour, PreparedRow, SaveContext } from '../save-types.js';

function fullName({ record }: PreparedRow): void {
  const parts = [record.get('FirstName'), record.get('LastName')].filter((part) => part !== null);
  record.set('Name', parts.join(' '));
}

export const PERSON: ObjectBehaviour = {
  beforeStore: (_context, _operation, row) => fullName(row),
};

/** Users also get their kind and a nickname of their own. */
export const USER: ObjectBehaviour = {
  prepare: (_context: SaveContext, operation, { record }) => {
    if (operation !== 'insert') return;
    if (record.get('UserType') === null) record.set('UserType', 'Standard');
    const username = record.get('Username');
    if (record.get('CommunityNickname') === null && typeof username === 'string') {
      record.set('CommunityNickname', username.slice(0, 40));
    }
  },
  beforeStore: (_context, _operation, row) => fullName(row),
};
