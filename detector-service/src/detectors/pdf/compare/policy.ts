import type { FieldLock, SignatureEntry } from '../signature-fields.js';
import type { Change, ChangeKind } from './change.js';

/** What may follow a signature at each level of permission (ISO 32000-2, table 257). Each level allows what those before it allow. */
const LEVELS: readonly (readonly ChangeKind[])[] = [
  ['validation', 'metadata'],
  ['signature', 'form', 'navigation'],
  ['comment', 'overlay'],
];

/** Without a certification nothing is forbidden outright; these are the changes that leave what was signed as it was. */
const LEVEL_WITHOUT_CERTIFICATION = 3;

/**
 * Whether a change after a signature leaves its meaning alone: the author of a certified document says what may follow, a signature may close fields, and
 * no signature allows pages to change.
 */
export function isAllowed(
  change: Change,
  { permission, lock }: Pick<SignatureEntry, 'permission' | 'lock'>,
): boolean {
  const level = permission ?? LEVEL_WITHOUT_CERTIFICATION;
  if (!LEVELS.slice(0, level).some((kinds) => kinds.includes(change.kind))) return false;
  return !(change.kind === 'form' && lock !== null && isLocked(lock, change.field ?? ''));
}

function isLocked({ action, fields }: FieldLock, field: string): boolean {
  if (action === 'All') return true;
  const isNamed = fields.some((name) => field === name || field.startsWith(`${name}.`));
  return action === 'Include' ? isNamed : !isNamed;
}
