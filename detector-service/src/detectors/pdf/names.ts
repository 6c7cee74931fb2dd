/** Text out of a file, for a sentence: one line, without control characters, not longer than a line. */
export function plain(text: string, most = 80): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A list for a sentence: at most so many, and how many more there are. */
export function listed(items: readonly string[], most = 6): string {
  const unique = [...new Set(items)];
  const shown = unique.slice(0, most).join('; ');
  return unique.length > most ? `${shown}; and ${unique.length - most} more` : shown;
}
