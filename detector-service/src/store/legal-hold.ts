import type { Database } from './database.js';

/** Keeps a verification with its evidence past its time, for as long as the reason stands; null lets it go. False: no such one. */
export async function setLegalHold(
  database: Database,
  verificationId: string,
  reason: string | null,
): Promise<boolean> {
  const changed = await database.query(
    'update verification set legal_hold = $2 where id = $1 returning id',
    [verificationId, reason],
  );
  return changed.length > 0;
}
