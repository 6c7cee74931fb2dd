/** Text functions of String that need more than a line. */

export function compare(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function abbreviate(text: string, width: number, offset: number): string {
  if (text.length <= width) return text;
  if (offset <= 4) return `${text.slice(0, width - 3)}...`;
  const start = Math.min(offset, text.length - (width - 3));
  if (text.length - start <= width - 3) return `...${text.slice(start)}`;
  return `...${text.slice(start, start + width - 6)}...`;
}

export function center(text: string, size: number, pad: string): string {
  const missing = size - text.length;
  if (missing <= 0) return text;
  return text.padStart(text.length + Math.floor(missing / 2), pad).padEnd(size, pad);
}

/** What of the other text differs, from the first difference on. */
export function difference(text: string, other: string): string {
  let i = 0;
  while (i < text.length && i < other.length && text[i] === other[i]) i++;
  return other.slice(i);
}

export function firstIndex(text: string, test: (char: string) => boolean): number {
  return [...text].findIndex(test);
}

export function after(text: string, at: number, separator: string): string {
  return at < 0 ? '' : text.slice(at + separator.length);
}

export function before(text: string, at: number): string {
  return at < 0 ? text : text.slice(0, at);
}

export function between(text: string, open: string, close: string): string | null {
  const start = text.indexOf(open);
  if (start < 0) return null;
  const end = text.indexOf(close, start + open.length);
  return end < 0 ? null : text.slice(start + open.length, end);
}

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const ENTITIES = new Map(Object.entries(XML).map(([char, entity]) => [entity, char]));

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => XML[char] ?? char);
}

export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|\w+);/gi,
    (entity, decimal?: string, hex?: string) => {
      if (decimal) return String.fromCodePoint(Number(decimal));
      if (hex) return String.fromCodePoint(parseInt(hex, 16));
      return ENTITIES.get(entity) ?? (entity === '&#39;' ? "'" : entity);
    },
  );
}

export function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const JAVA: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};

export function escapeJava(text: string): string {
  return text
    .replace(/[\b\f\n\r\t"\\]/g, (char) => JAVA[char] ?? char)
    .replace(/[^\x20-\x7e]/g, unicodeEscape);
}

export function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
