/**
 * The left side of a dot is a value, a type (`Account`, `Outer.Inner`) or a namespace (`Trigger`, `System.Label`);
 * variables hide types of the same name.
 */
import {
  DotExpressionContext,
  IdPrimaryContext,
  PrimaryExpressionContext,
  type ExpressionContext,
} from '@apexdevtools/apex-parser';
import { isLibraryNamespace, libraryType } from '../library/registry.js';
import { fieldToken, objectDescribe, objectToken } from '../library/schema-tokens.js';
import { readTrigger, TRIGGER_VARIABLES } from '../run/trigger-context.js';
import { ApexType, STRING, UNKNOWN } from '../types/type.js';
import type { Value } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';
import { compileExpression } from './expressions.js';
import { fieldPlace, findVisibleField } from './fields.js';
import { memberOperand } from './members.js';
import { readPlace, type Place } from './places.js';

export type Operand =
  | { readonly kind: 'value'; readonly expr: TypedExpr }
  | { readonly kind: 'type'; readonly type: ApexType }
  | { readonly kind: 'namespace'; readonly name: string };

type StaticMember = Operand | { readonly kind: 'place'; readonly place: Place };

export function compileOperand(cx: CodeContext, node: ExpressionContext): Operand {
  if (node instanceof PrimaryExpressionContext) {
    const primary = node.primary();
    if (primary instanceof IdPrimaryContext) return nameOperand(cx, node, primary.id().getText());
  }
  if (node instanceof DotExpressionContext && !node.dotMethodCall()) return dotOperand(cx, node);
  return { kind: 'value', expr: compileExpression(cx, node) };
}

function nameOperand(cx: CodeContext, node: ExpressionContext, name: string): Operand {
  const field = findVisibleField(cx, name);
  // In static code an instance field hides nothing: the name may be a type or namespace.
  if (cx.find(name) || (field && (field.isStatic || !cx.isStatic))) {
    return { kind: 'value', expr: compileExpression(cx, node) };
  }
  const lower = name.toLowerCase();
  if (lower === 'trigger' || lower === 'label') return { kind: 'namespace', name: lower };
  const type = cx.resolve(name);
  if (type) return { kind: 'type', type };
  if (
    isLibraryNamespace(name) ||
    lower === 'sobjecttype' ||
    lower === cx.unit.namespace.toLowerCase()
  ) {
    return { kind: 'namespace', name: lower };
  }
  return cx.fail(node, `Variable does not exist: ${name}`);
}

function dotOperand(cx: CodeContext, node: DotExpressionContext): Operand {
  const left = compileOperand(cx, node.expression());
  const name = node.anyId().getText();
  if (left.kind === 'value') return memberOperand(cx, node, left.expr, name);
  const found = staticMember(cx, node, left, name);
  if (!found) return cx.fail(node, `Variable does not exist: ${node.getText()}`);
  return found.kind === 'place' ? { kind: 'value', expr: readPlace(found.place) } : found;
}

/** What `Type.name` or `namespace.name` means; undefined when nothing. */
export function staticMember(
  cx: CodeContext,
  node: DotExpressionContext,
  left: Exclude<Operand, { kind: 'value' }>,
  name: string,
): StaticMember | undefined {
  return left.kind === 'type'
    ? typeMember(cx, node, left.type, name)
    : namespaceMember(cx, node, left.name, name);
}

function constant(type: ApexType, value: Value): Operand {
  return { kind: 'value', expr: { type, run: () => value } };
}

function typeMember(
  cx: CodeContext,
  node: DotExpressionContext,
  type: ApexType,
  name: string,
): StaticMember | undefined {
  const cls = type.declaration;
  if (cls) {
    const value = cls.enumValues.find((v) => v.name.toLowerCase() === name.toLowerCase());
    if (value) return constant(type, value);
    const field = cls.findField(name);
    if (field?.isStatic) return { kind: 'place', place: fieldPlace(cx, field, null) };
    const inner = cls.findInner(name);
    return inner ? { kind: 'type', type: inner.type } : undefined;
  }
  if (type.kind === 'sobject') return sobjectMember(cx, node, type, name);
  const property = libraryType(type.base)?.staticProperties.get(name.toLowerCase());
  if (property) {
    const { get, set } = property;
    const place: Place = {
      type: cx.unit.signatureType(property.type, type),
      receiver: null,
      index: null,
      read: () => get(null),
      write: set
        ? (_f, _self, _at, value) => set(null, value)
        : `Variable is not writeable: ${name}`,
    };
    return { kind: 'place', place };
  }
  return namespaceMember(cx, node, type.name.toLowerCase(), name);
}

function sobjectMember(
  cx: CodeContext,
  node: DotExpressionContext,
  type: ApexType,
  name: string,
): Operand | undefined {
  const lower = name.toLowerCase();
  if (lower === 'sobjecttype') return constant(named(cx, 'SObjectType'), objectToken(type.name));
  if (lower === 'fields') return { kind: 'namespace', name: `fields:${type.name}` };
  const field = cx.unit.schema
    .object(type.name)
    ?.fields.find((f) => f.name.toLowerCase() === lower);
  if (!field) cx.fail(node, `Field does not exist: ${type.name}.${name}`);
  return constant(named(cx, 'SObjectField'), fieldToken(type.name, field.name));
}

function named(cx: CodeContext, name: string): ApexType {
  return cx.resolve(name) ?? UNKNOWN;
}

function namespaceMember(
  cx: CodeContext,
  node: DotExpressionContext,
  space: string,
  name: string,
): StaticMember | undefined {
  const lower = name.toLowerCase();
  if (space === 'trigger') return triggerVariable(cx, lower);
  if (space === 'label') return labelText(cx, node, name);
  if (space.startsWith('label.')) return labelText(cx, node, name);
  if (space === 'system' && lower === 'label') return { kind: 'namespace', name: 'label' };
  if (space === 'system' && lower === 'trigger') return { kind: 'namespace', name: 'trigger' };
  if (space === 'schema' && lower === 'sobjecttype')
    return { kind: 'namespace', name: 'sobjecttype' };
  if (space === 'sobjecttype') {
    const object = cx.unit.schema.object(name);
    if (!object) cx.fail(node, `Invalid object: ${name}`);
    return constant(named(cx, 'DescribeSObjectResult'), objectDescribe(object.name));
  }
  if (space.startsWith('fields:'))
    return sobjectMember(cx, node, new ApexType(space.slice(7), 'sobject'), name);
  const inNamespace =
    cx.resolve(`${space}.${name}`) ??
    (space === cx.unit.namespace.toLowerCase() ? cx.resolve(name) : undefined);
  if (inNamespace) return { kind: 'type', type: inNamespace };
  const property = libraryType(space)?.staticProperties.get(lower);
  return property
    ? {
        kind: 'value',
        expr: {
          type: cx.unit.signatureType(property.type, UNKNOWN),
          run: () => property.get(null),
        },
      }
    : undefined;
}

function triggerVariable(cx: CodeContext, name: string): Operand | undefined {
  const type = TRIGGER_VARIABLES.get(name);
  if (!type) return undefined;
  const object =
    cx.cls.kind === 'trigger'
      ? (cx.cls.modifiers.annotations[0]?.parameters.get('object') ?? 'SObject')
      : 'SObject';
  const resolved = cx.resolve(type.replace('X', object)) ?? UNKNOWN;
  return { kind: 'value', expr: { type: resolved, run: () => readTrigger(name) } };
}

/** `System.Label.Name`, or `Label.namespace.Name`. */
function labelText(cx: CodeContext, node: DotExpressionContext, name: string): Operand {
  if (name.toLowerCase() === cx.unit.namespace.toLowerCase())
    return { kind: 'namespace', name: `label.${name}` };
  if (cx.unit.label(name) === undefined) cx.fail(node, `External string does not exist: ${name}`);
  return { kind: 'value', expr: { type: STRING, run: () => cx.unit.label(name) ?? '' } };
}
