import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Parses XML strictly (the platform's own parser repairs nothing) and keeps line numbers. */
export function parseXml(xml: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const document: XmlElement = {
    name: '#document',
    line: 0,
    attributes: {},
    children: [],
    text: '',
  };
  const open = [document];
  let failure: Error | null = null;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, line: parser.line, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  if (failure !== null) throw failure as Error;
  const root = document.children[0];
  if (!root) throw new Error('Expected a root element but the file is empty.');
  return root;
}
