/** Rows, saves and rights of the org. */
export { Database, type DatabaseParts } from './database.js';
export { DmlEngine } from './dml.js';
export { FieldValueError, coerceValue, parseValue } from './field-values.js';
export { FULL_ACCESS } from './full-access.js';
export { makeId, toId18 } from './ids.js';
export { RecordReader } from './record-reader.js';
export type { AccessControl, ObjectBehaviour, SaveContext } from './save-types.js';
export {
  Store,
  withValues,
  type CommitListener,
  type CommittedChange,
  type Fork,
} from './store.js';
export type { Row } from './table.js';
export { GRANTED_OBJECTS, OrgAccess, isPermissionable, type UserRights } from './access/index.js';
export { OrgDatabase } from './org-database.js';
export { ORG_DEFAULTS, seedOrg, type OrgDefaults, type SeededOrg } from './seed/seed.js';
export { RowJournal } from './row-journal.js';
