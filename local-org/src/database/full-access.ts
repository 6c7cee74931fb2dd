/** Access control of an org without users: everything is allowed. For tests of the parts below access. */
import type { AccessControl } from './save-types.js';

export const FULL_ACCESS: AccessControl = {
  objectRight: () => true,
  fieldRight: () => true,
  recordRight: () => true,
};
