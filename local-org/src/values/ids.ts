/** Record ids: 15 case-sensitive characters, or 18 with a suffix that repeats their case. */
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of an id, or null when the text is none. */
export function fullId(text: string): string | null {
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text)) return null;
  return text.length === 18 ? text : text + idSuffix(text);
}

/** The three characters that make a 15-character id safe where case is lost. */
export function idSuffix(id15: string): string {
  let suffix = '';
  for (let block = 0; block < 3; block++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      if (/[A-Z]/.test(id15[block * 5 + i] ?? '')) bits |= 1 << i;
    }
    suffix += SUFFIX[bits];
  }
  return suffix;
}
