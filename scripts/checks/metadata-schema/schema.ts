import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { packageFolder } from '../../lib/command.js';

/** What an element of the Metadata API may hold. */
export type Shape =
  | { readonly kind: 'primitive'; readonly type: string }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'enumeration'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'reference'; readonly name: string }
  | {
      readonly kind: 'object';
      readonly elements: ReadonlyMap<string, Element>;
      readonly bases: readonly string[];
    }
  | { readonly kind: 'anything' };

export interface Element {
  readonly isOptional: boolean;
  readonly shape: Shape;
}

/** Elements that the declarations type loosely but that hold raw XML. */
const RAW_XML = new Set(['targetConfigs']);

/** The Metadata API types as the platform's WSDL declares them, read from the declarations of `@salesforce/types`. */
export class MetadataSchema {
  private readonly types = new Map<string, Shape>();
  private readonly resolved = new Map<string, ReadonlyMap<string, Element> | null>();

  static load(): MetadataSchema {
    const file = join(packageFolder('@salesforce/types'), 'lib', 'metadata.d.ts');
    return new MetadataSchema(
      ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true),
    );
  }

  private constructor(source: ts.SourceFile) {
    source.forEachChild((node) => {
      if (ts.isTypeAliasDeclaration(node)) this.types.set(node.name.text, shapeOf(node.type));
      else if (ts.isInterfaceDeclaration(node)) {
        this.types.set(node.name.text, {
          kind: 'object',
          elements: elementsOf(node.members),
          bases: (node.heritageClauses ?? []).flatMap((clause) =>
            clause.types.map((type) => type.expression.getText()),
          ),
        });
      }
    });
  }

  get size(): number {
    return this.types.size;
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  shapeOf(type: string): Shape | undefined {
    return this.types.get(type);
  }

  /** Elements of a complex type with those of its bases; null for an enumeration or an unknown type. */
  elementsOf(type: string): ReadonlyMap<string, Element> | null {
    const known = this.resolved.get(type);
    if (known !== undefined) return known;
    const shape = this.types.get(type);
    if (shape?.kind === 'reference') return this.elementsOf(shape.name);
    if (shape?.kind !== 'object') return null;
    const elements = new Map<string, Element>();
    this.resolved.set(type, elements);
    for (const base of shape.bases) {
      for (const [name, element] of this.elementsOf(base) ?? []) elements.set(name, element);
    }
    for (const [name, element] of shape.elements) elements.set(name, element);
    return elements;
  }
}

function elementsOf(members: ts.NodeArray<ts.TypeElement>): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const member of members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) continue;
    const name = ts.isStringLiteral(member.name) ? member.name.text : member.name.getText();
    const shape: Shape = RAW_XML.has(name) ? { kind: 'anything' } : shapeOf(member.type);
    elements.set(name, { isOptional: member.questionToken !== undefined, shape });
  }
  return elements;
}

function shapeOf(node: ts.TypeNode): Shape {
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: 'list', of: shapeOf(node.elementType) };
  if (ts.isTypeLiteralNode(node))
    return { kind: 'object', elements: elementsOf(node.members), bases: [] };
  if (ts.isIntersectionTypeNode(node)) return intersection(node.types.map(shapeOf));
  if (ts.isUnionTypeNode(node)) return union(node.types.map(shapeOf));
  if (ts.isLiteralTypeNode(node)) {
    return {
      kind: 'literal',
      value: ts.isStringLiteral(node.literal) ? node.literal.text : node.literal.getText(),
    };
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    const argument = node.typeArguments?.[0];
    return name === 'Array' && argument
      ? { kind: 'list', of: shapeOf(argument) }
      : { kind: 'reference', name };
  }
  return { kind: 'primitive', type: node.getText() };
}

function intersection(parts: readonly Shape[]): Shape {
  const elements = new Map<string, Element>();
  const bases: string[] = [];
  for (const part of parts) {
    if (part.kind === 'reference') bases.push(part.name);
    else if (part.kind === 'object') {
      for (const [name, element] of part.elements) elements.set(name, element);
    }
  }
  return { kind: 'object', elements, bases };
}

function union(parts: readonly Shape[]): Shape {
  const values = parts.flatMap((part) => (part.kind === 'literal' ? [part.value] : []));
  return values.length === parts.length
    ? { kind: 'enumeration', values: new Set(values) }
    : { kind: 'anything' };
}
