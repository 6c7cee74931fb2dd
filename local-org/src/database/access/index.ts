export { GRANTED_OBJECTS, OrgAccess, isPermissionable } from './org-access.js';
export type { FieldRights, ObjectRights, UserRights } from './user-rights.js';
