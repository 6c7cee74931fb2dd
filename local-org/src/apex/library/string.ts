/** String: instance methods. */
import { fullId } from '../../values/ids.js';
import { throwApex } from '../run/exceptions.js';
import { INTEGER, STRING } from '../types/type.js';
import { ApexList } from '../values/reference.js';
import { objectOfId } from '../run/key-prefix.js';
import { idFrom } from '../values/coerce.js';
import { asText, type Call } from './call.js';
import { javaPattern, javaReplacement } from './java-pattern.js';
import { defineType } from './registry.js';
import { objectToken } from './schema-tokens.js';
import { stringStatics } from './string-statics.js';
import * as text from './text-functions.js';

/** Characters from `start` to `end`, which must lie in the string. */
function slice(self: string, start: number, end: number): string {
  if (start < 0 || end > self.length || start > end) {
    throwApex(
      'StringException',
      start < 0
        ? `Starting position out of bounds: ${start}`
        : `Ending position out of bounds: ${end}`,
    );
  }
  return self.slice(start, end);
}

const list = (items: readonly string[]): ApexList => new ApexList(STRING, [...items]);

/** Java's split: a positive limit bounds the parts, none drops empty ones at the end. */
function split(self: string, pattern: string, limit: number): string[] {
  const regex = javaPattern(pattern, 'g');
  const parts: string[] = [];
  let start = 0;
  for (const match of self.matchAll(regex)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === '' && (match.index === 0 || match.index === self.length)) continue;
    if (match.index === 0 && match[0] !== '' && self.length === 0) continue;
    parts.push(self.slice(start, match.index));
    start = match.index + match[0].length;
  }
  parts.push(self.slice(start));
  if (limit === 0) while (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  return parts;
}

const from = (c: Call, i: number): number => (c.count > i ? Math.max(0, c.integer(i)) : 0);

defineType<string>({
  name: 'String',
  self: asText,
  statics: stringStatics,
  methods: {
    'String abbreviate(Integer width, Integer offset?)': (s, c) =>
      text.abbreviate(s, c.integer(0), c.count > 1 ? c.integer(1) : 0),
    'String capitalize()': (s) => s.charAt(0).toUpperCase() + s.slice(1),
    'String uncapitalize()': (s) => s.charAt(0).toLowerCase() + s.slice(1),
    'String center(Integer size, String pad?)': (s, c) =>
      text.center(s, c.integer(0), c.textOrNull(1) ?? ' '),
    'Integer charAt(Integer index)': (s, c) => {
      const index = c.integer(0);
      if (index < 0 || index >= s.length)
        throwApex('StringException', `Index out of bounds: ${index}`);
      return s.charCodeAt(index);
    },
    'Integer codePointAt(Integer index)': (s, c) => s.codePointAt(c.integer(0)) ?? 0,
    'List<Integer> getChars()': (s) =>
      new ApexList(
        INTEGER,
        [...Array(s.length).keys()].map((i) => s.charCodeAt(i)),
      ),
    'Integer compareTo(String other)': (s, c) => text.compare(s, c.text(0)),
    'Boolean contains(String part)': (s, c) => s.includes(c.text(0)),
    'Boolean containsAny(String chars)': (s, c) => [...c.text(0)].some((ch) => s.includes(ch)),
    'Boolean containsIgnoreCase(String part)': (s, c) =>
      s.toLowerCase().includes(c.text(0).toLowerCase()),
    'Boolean containsNone(String chars)': (s, c) => ![...c.text(0)].some((ch) => s.includes(ch)),
    'Boolean containsOnly(String chars)': (s, c) => [...s].every((ch) => c.text(0).includes(ch)),
    'Boolean containsWhitespace()': (s) => /\s/.test(s),
    'Integer countMatches(String part)': (s, c) =>
      c.text(0) === '' ? 0 : s.split(c.text(0)).length - 1,
    'String deleteWhitespace()': (s) => s.replace(/\s+/g, ''),
    'String difference(String other)': (s, c) => text.difference(s, c.text(0)),
    'Boolean endsWith(String suffix)': (s, c) => s.endsWith(c.text(0)),
    'Boolean endsWithIgnoreCase(String suffix)': (s, c) =>
      s.toLowerCase().endsWith(c.text(0).toLowerCase()),
    'Boolean equals(Object other)': (s, c) => s === c.value(0),
    'Boolean equalsIgnoreCase(String other)': (s, c) =>
      s.toLowerCase() === c.textOrNull(0)?.toLowerCase(),
    'String escapeCsv()': (s) => (/[",\r\n]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s),
    'String unescapeCsv()': (s) => (/^".*"$/s.test(s) ? s.slice(1, -1).replace(/""/g, '"') : s),
    'String escapeHtml3()': (s) => text.escapeXml(s).replace(/&apos;/g, "'"),
    'String escapeHtml4()': (s) => text.escapeXml(s).replace(/&apos;/g, "'"),
    'String escapeXml()': (s) => text.escapeXml(s),
    'String unescapeHtml4()': (s) => text.unescapeXml(s),
    'String unescapeXml()': (s) => text.unescapeXml(s),
    'String escapeJava()': (s) => text.escapeJava(s),
    'String escapeEcmaScript()': (s) =>
      text.escapeJava(s).replace(/'/g, "\\'").replace(/\//g, '\\/'),
    'String escapeUnicode()': (s) => s.replace(/[^\x20-\x7e]/g, text.unicodeEscape),
    'Integer indexOf(String part, Integer start?)': (s, c) => s.indexOf(c.text(0), from(c, 1)),
    'Integer indexOfIgnoreCase(String part, Integer start?)': (s, c) =>
      s.toLowerCase().indexOf(c.text(0).toLowerCase(), from(c, 1)),
    'Integer indexOfAny(String chars)': (s, c) =>
      text.firstIndex(s, (ch) => c.text(0).includes(ch)),
    'Integer indexOfAnyBut(String chars)': (s, c) =>
      text.firstIndex(s, (ch) => !c.text(0).includes(ch)),
    'Integer indexOfChar(Integer char, Integer start?)': (s, c) =>
      s.indexOf(String.fromCodePoint(c.integer(0)), from(c, 1)),
    'Integer lastIndexOf(String part, Integer end?)': (s, c) =>
      s.lastIndexOf(c.text(0), c.count > 1 ? c.integer(1) : s.length),
    'Integer lastIndexOfIgnoreCase(String part)': (s, c) =>
      s.toLowerCase().lastIndexOf(c.text(0).toLowerCase()),
    'Boolean isAllLowerCase()': (s) => /^\p{Ll}+$/u.test(s),
    'Boolean isAllUpperCase()': (s) => /^\p{Lu}+$/u.test(s),
    'Boolean isAlpha()': (s) => /^\p{L}+$/u.test(s),
    'Boolean isAlphanumeric()': (s) => /^[\p{L}\p{N}]+$/u.test(s),
    'Boolean isAlphanumericSpace()': (s) => /^[\p{L}\p{N} ]*$/u.test(s),
    'Boolean isAlphaSpace()': (s) => /^[\p{L} ]*$/u.test(s),
    'Boolean isAsciiPrintable()': (s) => /^[\x20-\x7e]*$/.test(s),
    'Boolean isNumeric()': (s) => /^\p{Nd}+$/u.test(s),
    'Boolean isNumericSpace()': (s) => /^[\p{Nd} ]*$/u.test(s),
    'Boolean isWhitespace()': (s) => /^\s*$/.test(s),
    'String left(Integer length)': (s, c) => s.slice(0, Math.max(0, c.integer(0))),
    'String right(Integer length)': (s, c) => (c.integer(0) <= 0 ? '' : s.slice(-c.integer(0))),
    'String mid(Integer start, Integer length)': (s, c) =>
      s.slice(Math.max(0, c.integer(0)), Math.max(0, c.integer(0)) + c.integer(1)),
    'String leftPad(Integer length, String pad?)': (s, c) =>
      s.padStart(c.integer(0), c.textOrNull(1) ?? ' '),
    'String rightPad(Integer length, String pad?)': (s, c) =>
      s.padEnd(c.integer(0), c.textOrNull(1) ?? ' '),
    'Integer length()': (s) => s.length,
    'String normalizeSpace()': (s) => s.trim().replace(/\s+/g, ' '),
    'String remove(String part)': (s, c) => (c.text(0) === '' ? s : s.split(c.text(0)).join('')),
    'String removeEnd(String part)': (s, c) =>
      s.endsWith(c.text(0)) ? s.slice(0, s.length - c.text(0).length) : s,
    'String removeEndIgnoreCase(String part)': (s, c) =>
      s.toLowerCase().endsWith(c.text(0).toLowerCase())
        ? s.slice(0, s.length - c.text(0).length)
        : s,
    'String removeStart(String part)': (s, c) =>
      s.startsWith(c.text(0)) ? s.slice(c.text(0).length) : s,
    'String removeStartIgnoreCase(String part)': (s, c) =>
      s.toLowerCase().startsWith(c.text(0).toLowerCase()) ? s.slice(c.text(0).length) : s,
    'String repeat(Integer times)': (s, c) => s.repeat(Math.max(0, c.integer(0))),
    'String replace(String target, String replacement)': (s, c) =>
      s.split(c.text(0)).join(c.text(1)),
    'String replaceAll(String pattern, String replacement)': (s, c) =>
      s.replace(javaPattern(c.text(0), 'g'), javaReplacement(c.text(1))),
    'String replaceFirst(String pattern, String replacement)': (s, c) =>
      s.replace(javaPattern(c.text(0)), javaReplacement(c.text(1))),
    'String reverse()': (s) => [...s].reverse().join(''),
    'List<String> split(String pattern, Integer limit?)': (s, c) =>
      list(split(s, c.text(0), c.count > 1 ? c.integer(1) : 0)),
    'List<String> splitByCharacterType()': (s) =>
      list(s.match(/\p{Lu}+|\p{Ll}+|\p{Nd}+|\s+|[^\p{L}\p{Nd}\s]+/gu) ?? []),
    'List<String> splitByCharacterTypeCamelCase()': (s) =>
      list(s.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Nd}+|\s+|[^\p{L}\p{Nd}\s]+/gu) ?? []),
    'Boolean startsWith(String prefix)': (s, c) => s.startsWith(c.text(0)),
    'Boolean startsWithIgnoreCase(String prefix)': (s, c) =>
      s.toLowerCase().startsWith(c.text(0).toLowerCase()),
    'String stripHtmlTags()': (s) => s.replace(/<[^>]*>/g, ''),
    'String substring(Integer start, Integer end?)': (s, c) =>
      slice(s, c.integer(0), c.count > 1 ? c.integer(1) : s.length),
    'String substringAfter(String separator)': (s, c) =>
      text.after(s, s.indexOf(c.text(0)), c.text(0)),
    'String substringAfterLast(String separator)': (s, c) =>
      text.after(s, s.lastIndexOf(c.text(0)), c.text(0)),
    'String substringBefore(String separator)': (s, c) => text.before(s, s.indexOf(c.text(0))),
    'String substringBeforeLast(String separator)': (s, c) =>
      text.before(s, s.lastIndexOf(c.text(0))),
    'String substringBetween(String open, String close?)': (s, c) =>
      text.between(s, c.text(0), c.textOrNull(1) ?? c.text(0)),
    'String swapCase()': (s) =>
      [...s].map((ch) => (ch === ch.toUpperCase() ? ch.toLowerCase() : ch.toUpperCase())).join(''),
    'String toLowerCase(String locale?)': (s) => s.toLowerCase(),
    'String toUpperCase(String locale?)': (s) => s.toUpperCase(),
    'String trim()': (s) => s.trim(),
    'String to15()': (s) => s.slice(0, 15),
    'SObjectType getSObjectType()': (s) => objectToken(objectOfId(idFrom(s))),
    'Integer getLevenshteinDistance(String other)': (s, c) => text.levenshtein(s, c.text(0)),
  },
});

defineType<string>({
  name: 'Id',
  self: asText,
  statics: {
    'Id valueOf(String text, Boolean restoreCasing?)': (c) => idFrom(c.text(0)),
  },
  methods: {
    'String to15()': (s) => s.slice(0, 15),
    'SObjectType getSObjectType()': (s) => objectToken(objectOfId(s)),
    'Boolean equals(Object other)': (s, c) => {
      const other = c.value(0);
      return typeof other === 'string' && fullId(other) === fullId(s);
    },
    'Boolean startsWith(String prefix)': (s, c) => s.startsWith(c.text(0)),
    'Integer length()': (s) => s.length,
    'String substring(Integer start, Integer end?)': (s, c) =>
      slice(s, c.integer(0), c.count > 1 ? c.integer(1) : s.length),
    'String left(Integer length)': (s, c) => s.slice(0, c.integer(0)),
    'Integer compareTo(Object other)': (s, c) => text.compare(s, c.text(0)),
  },
});
