/** Reads one metadata file into plain nodes and reports what is wrong with file and element. */
import { readFileSync } from 'node:fs';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A metadata file that cannot be read: names the file, the element and what was expected. */
export class MetadataError extends Error {
  constructor(
    readonly file: string,
    readonly element: string,
    problem: string,
  ) {
    super(`${file}: <${element}> ${problem}`);
    this.name = 'MetadataError';
  }
}

/** A parsed element: text, or children by name (every child a list, in document order). */
export type XmlValue = string | XmlElement;
export interface XmlElement {
  readonly [name: string]: readonly XmlValue[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

/** Turns the parser's output into {@link XmlElement}s: white space between elements dropped, attributes too. */
function simplify(value: unknown): XmlValue {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
  const element: Record<string, XmlValue[]> = {};
  let text = '';
  for (const [name, child] of Object.entries(value)) {
    if (name === '#text') text = String(child);
    else if (name.startsWith('@')) {
      if (name === '@xsi:type') element['xsi:type'] = [String(child)];
      else if (name === '@xsi:nil' && child === 'true') element['xsi:nil'] = ['true'];
    } else element[name] = (Array.isArray(child) ? child : [child]).map(simplify);
  }
  const names = Object.keys(element);
  if (names.length === 0) return text;
  if (names.every((name) => name.startsWith('xsi:')) && text !== '') element['#text'] = [text];
  return element;
}

/** Typed access to one element of a metadata file. */
export class MetadataNode {
  constructor(
    readonly file: string,
    readonly element: string,
    readonly content: XmlElement,
  ) {}

  /** The text of a child element, or null when it is absent or empty. */
  text(name: string): string | null {
    const value = this.content[name]?.[0];
    if (value === undefined) return null;
    if (typeof value !== 'string') {
      throw new MetadataError(this.file, name, 'must hold text, but holds elements');
    }
    return value === '' ? null : value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === null) {
      throw new MetadataError(this.file, this.element, `needs the element <${name}>`);
    }
    return value;
  }

  boolean(name: string, fallback = false): boolean {
    const value = this.text(name)?.trim();
    if (value === undefined) return fallback;
    if (value !== 'true' && value !== 'false') {
      throw new MetadataError(this.file, name, `must be true or false, but is "${value}"`);
    }
    return value === 'true';
  }

  integer(name: string, fallback: number): number {
    const value = this.text(name)?.trim();
    if (value === undefined) return fallback;
    if (!/^-?\d+$/.test(value)) {
      throw new MetadataError(this.file, name, `must be a whole number, but is "${value}"`);
    }
    return Number(value);
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const match = allowed.find((candidate) => candidate === value);
    if (!match) {
      throw new MetadataError(
        this.file,
        name,
        `must be one of ${allowed.join(', ')}, but is "${value}"`,
      );
    }
    return match;
  }

  texts(name: string): readonly string[] {
    return (this.content[name] ?? []).map((value) => {
      if (typeof value !== 'string') {
        throw new MetadataError(this.file, name, 'must hold text, but holds elements');
      }
      return value;
    });
  }

  children(name: string): readonly MetadataNode[] {
    return (this.content[name] ?? []).map(
      (value) => new MetadataNode(this.file, name, typeof value === 'string' ? {} : value),
    );
  }

  child(name: string): MetadataNode | null {
    return this.children(name)[0] ?? null;
  }
}

/**
 * Reads a metadata file.
 * @param file path for reading; `shown` is the path errors name
 * @param roots root elements the file may have
 */
export function readMetadataFile(
  file: string,
  shown: string,
  roots: readonly string[],
): MetadataNode {
  const xml = readFileSync(file, 'utf8');
  const validity = XMLValidator.validate(xml);
  if (validity !== true) {
    const { line, col, msg } = validity.err;
    throw new MetadataError(
      `${shown}:${line}:${col}`,
      roots[0] ?? 'root',
      `is not well-formed XML: ${msg}`,
    );
  }
  const document = simplify(parser.parse(xml));
  const root = typeof document === 'string' ? undefined : Object.keys(document)[0];
  if (typeof document === 'string' || root === undefined || !roots.includes(root)) {
    throw new MetadataError(
      shown,
      root ?? 'root',
      `was not expected here; expected <${roots.join('> or <')}>`,
    );
  }
  const content = document[root]?.[0];
  return new MetadataNode(
    shown,
    root,
    content === undefined || typeof content === 'string' ? {} : content,
  );
}
