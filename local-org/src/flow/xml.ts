/** Reads a flow file into elements that know their line, so that every message can point at it. */
import { SaxesParser } from 'saxes';
import { MetadataError } from '../metadata/index.js';

export class FlowXml {
  readonly children: FlowXml[] = [];
  private content = '';

  constructor(
    readonly file: string,
    readonly tag: string,
    readonly line: number,
  ) {}

  get place(): string {
    return `${this.file}:${this.line}`;
  }

  addText(text: string): void {
    this.content += text;
  }

  all(tag: string): readonly FlowXml[] {
    return this.children.filter((child) => child.tag === tag);
  }

  child(tag: string): FlowXml | null {
    return this.children.find((child) => child.tag === tag) ?? null;
  }

  /** Text of a child, or null when it is absent or empty. */
  text(tag: string): string | null {
    const text = this.child(tag)?.content.trim();
    return text === undefined || text === '' ? null : text;
  }

  /** This element's own text, as it is written. */
  get ownText(): string {
    return this.content;
  }

  required(tag: string): string {
    const text = this.text(tag);
    if (text !== null) return text;
    throw new MetadataError(this.place, this.tag, `needs the element <${tag}>`);
  }

  flag(tag: string): boolean {
    return this.text(tag) === 'true';
  }

  integer(tag: string): number | null {
    const text = this.text(tag);
    if (text === null) return null;
    if (!/^-?\d+$/.test(text)) {
      throw new MetadataError(this.place, tag, `must be a whole number, but is "${text}"`);
    }
    return Number(text);
  }
}

/** @param file shown in messages, relative to the project */
export function readFlowXml(text: string, file: string, root: string): FlowXml {
  const parser = new SaxesParser({ position: true });
  const open: FlowXml[] = [];
  let top: FlowXml | null = null;
  const failures: Error[] = [];
  parser.on('error', (error) => {
    failures.push(
      new MetadataError(`${file}:${parser.line}`, root, `is not well-formed XML: ${error.message}`),
    );
  });
  parser.on('opentag', ({ name }) => {
    const node = new FlowXml(file, name, parser.line);
    const parent = open[open.length - 1];
    if (parent) parent.children.push(node);
    else top = node;
    open.push(node);
  });
  parser.on('text', (content) => open[open.length - 1]?.addText(content));
  parser.on('cdata', (content) => open[open.length - 1]?.addText(content));
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  if (failures[0]) throw failures[0];
  const found = top as FlowXml | null;
  if (found?.tag !== root) {
    throw new MetadataError(
      file,
      found?.tag ?? 'root',
      `was not expected here; expected <${root}>`,
    );
  }
  return found;
}
