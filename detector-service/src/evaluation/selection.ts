import { createHash } from 'node:crypto';

import type { ListedItem } from './manifest.js';

/**
 * At most `limit` items, as even over the units (a source's items of one class) as they allow. Which ones is decided by a hash of seed and file name: the
 * same list and seed select the same items, and a higher limit only adds.
 */
export function selectItems(
  items: readonly ListedItem[],
  limit: number | undefined,
  seed: number,
): readonly ListedItem[] {
  if (limit === undefined || items.length <= limit) return items;
  const units = new Map<string, { readonly item: ListedItem; readonly rank: string }[]>();
  for (const item of items) {
    const unit = `${item.isFake ? 'fake' : 'real'}/${item.source}`;
    const rank = createHash('sha256').update(`${seed}/${item.file}`).digest('hex');
    const members = units.get(unit) ?? [];
    members.push({ item, rank });
    units.set(unit, members);
  }
  const inTurn = [...units]
    .flatMap(([, members]) =>
      members
        .sort((left, right) => (left.rank < right.rank ? -1 : 1))
        .map(({ item, rank }, turn) => ({ item, rank, turn })),
    )
    .sort((left, right) => left.turn - right.turn || (left.rank < right.rank ? -1 : 1));
  const chosen = new Set(inTurn.slice(0, limit).map(({ item }) => item));
  return items.filter((item) => chosen.has(item));
}
