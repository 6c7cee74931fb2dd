/** Tells everything on the page that shows a record when that record may have changed. */
const listeners = new Set();

export function onRecordChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Ids with 15 characters are the same records. */
const key = (id) => String(id ?? '').slice(0, 15);

/** Without ids: any record may have changed. */
export function recordsChanged(ids) {
  const keys = ids && new Set(ids.map(key));
  for (const listener of [...listeners]) listener((id) => !keys || keys.has(key(id)));
}
