import type { XmlElement } from './document.js';
import type { MetadataSchema, Shape } from './schema.js';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

type Report = (line: number, message: string) => void;

/** Checks one metadata file against the schema; reports what the platform would refuse at deployment. */
export function validateDocument(root: XmlElement, schema: MetadataSchema, report: Report): void {
  if (root.attributes['xmlns'] !== NAMESPACE) {
    report(
      root.line,
      `root namespace is '${root.attributes['xmlns'] ?? ''}', expected '${NAMESPACE}'`,
    );
  }
  if (!schema.has(root.name)) report(root.line, `<${root.name}> is no metadata type`);
  else validateObject(root, root.name, schema, report);
}

function validateObject(
  node: XmlElement,
  declared: string,
  schema: MetadataSchema,
  report: Report,
): void {
  const type = node.attributes['xsi:type'] ?? declared;
  const elements = schema.elementsOf(type);
  if (elements === null) {
    report(node.line, `no such type ${type}`);
    return;
  }
  const seen = new Set<string>();
  let previous = '';
  for (const child of node.children) {
    const element = elements.get(child.name);
    if (element === undefined) {
      report(child.line, `<${child.name}> is not an element of ${type}`);
      continue;
    }
    if (seen.has(child.name)) {
      if (element.shape.kind !== 'list')
        report(child.line, `<${child.name}> may stand only once in ${type}`);
      else if (previous !== child.name) {
        report(child.line, `Element ${child.name} is duplicated at this location in type ${type}`);
      }
    }
    seen.add(child.name);
    previous = child.name;
    validateValue(child, element.shape, `${type}.${child.name}`, schema, report);
  }
  if (node.children.length === 0 && node.text.trim() !== '') {
    report(node.line, `${type} holds elements but text was found`);
  }
}

function validateValue(
  node: XmlElement,
  shape: Shape,
  where: string,
  schema: MetadataSchema,
  report: Report,
): void {
  const text = node.text.trim();
  switch (shape.kind) {
    case 'list':
      validateValue(node, shape.of, where, schema, report);
      break;
    case 'object':
    case 'anything':
      break;
    case 'reference': {
      const target = schema.shapeOf(shape.name);
      if (target?.kind === 'object') validateObject(node, shape.name, schema, report);
      else if (target) validateValue(node, target, where, schema, report);
      break;
    }
    case 'enumeration':
      if (!shape.values.has(text)) {
        report(
          node.line,
          `${where}: '${text}' is none of ${[...shape.values].slice(0, 12).join(', ')}`,
        );
      }
      break;
    case 'literal':
      if (shape.value !== text) report(node.line, `${where}: '${text}' must be '${shape.value}'`);
      break;
    case 'primitive':
      if (node.children.length > 0)
        report(node.line, `${where}: expected ${shape.type}, found elements`);
      else if (shape.type === 'number' && !/^-?\d+(\.\d+)?$/.test(text)) {
        report(node.line, `${where}: '${text}' is not a number`);
      } else if (shape.type === 'boolean' && !/^(true|false)$/.test(text)) {
        report(node.line, `${where}: '${text}' is not a boolean`);
      }
  }
}
