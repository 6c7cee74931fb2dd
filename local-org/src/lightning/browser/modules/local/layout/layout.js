/** How the org shows an object: sections of fields, highlights, related lists. Asked for once a page. */
import { getJson } from 'local/http';

const layouts = new Map();

export function layoutOf(object) {
  if (!layouts.has(object)) {
    const answer = getJson(`/local/ui/layout/${object}`);
    layouts.set(object, answer);
    answer.catch(() => layouts.delete(object));
  }
  return layouts.get(object);
}

/**
 * The sections of a layout, none while it is not known.
 *
 * @param fieldsOf what to show of a section's names of fields, which come row by row
 */
export function sectionsOf(layout, fieldsOf) {
  return (layout?.sections ?? []).map(({ label, columns }, index) => ({
    key: String(index),
    label,
    fields: fieldsOf(rowByRow(columns), index),
  }));
}

/** Two columns of fields, row by row. */
function rowByRow([left = [], right = []]) {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => [left[row], right[row]])
    .flat()
    .filter(Boolean);
}
