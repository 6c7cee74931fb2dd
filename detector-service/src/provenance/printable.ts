/**
 * Text from a file, made fit for a screen and a log line: one line, no control or direction-changing characters, no markup brackets, a bounded length. What attackers
 * write into metadata ends up in front of reviewers.
 *
 * @param limit characters kept
 */
export function printable(text: string, limit = 200): string {
  return text
    .slice(0, limit * 4)
    .replace(/[\p{C}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, limit);
}

/** As {@link printable}, or null where nothing is left or the value is no text. */
export function printableOrNull(value: unknown, limit?: number): string | null {
  return typeof value === 'string' ? printable(value, limit) || null : null;
}
