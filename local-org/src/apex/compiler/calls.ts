/** Method and constructor calls: which method is meant, and how it is called. */
import type {
  ApexParserRuleContext,
  DotExpressionContext,
  ExpressionListContext,
  MethodCallContext,
} from '@apexdevtools/apex-parser';
import {
  DotExpressionContext as DotNode,
  PrimaryExpressionContext,
  SuperPrimaryContext,
} from '@apexdevtools/apex-parser';
import { throwNullPointer } from '../run/exceptions.js';
import { chooseByValues, invokeDynamic } from '../run/dynamic.js';
import { queueFuture } from '../run/future.js';
import { constructSuper, convertArguments, initialiseFields } from '../run/invoke.js';
import type { ApexClass, ApexMethod, Expr } from '../types/model.js';
import { UNKNOWN, VOID, type ApexType } from '../types/type.js';
import { ApexObject, type Value } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';
import { convert, distance, isRowList, singleRow } from './convert.js';
import { dynamicCall, noSuchMethod, typeNames, type Argument } from './dynamic-call.js';
import { compileExpression } from './expressions.js';
import { compileFieldError } from './field-errors.js';
import { compileLibraryCall, compileStaticLibraryCall } from './library-calls.js';
import { compileOperand } from './operands.js';

export function compileArguments(cx: CodeContext, list: ExpressionListContext | null): Argument[] {
  return (list?.expression_list() ?? []).map((node) => ({ ...compileExpression(cx, node), node }));
}

/** `name(args)`, `this(args)` or `super(args)`. */
export function compileMethodCall(cx: CodeContext, node: MethodCallContext): TypedExpr {
  const args = compileArguments(cx, node.expressionList());
  if (node.THIS()) return compileThisCall(cx, node, args);
  if (node.SUPER()) return compileSuperCall(cx, node, args);
  const name = node.id().getText();
  for (let cls: ApexClass | null = cx.cls; cls; cls = cls.outer) {
    const methods = cls.findMethods(name);
    if (methods.length === 0) continue;
    const found = cls === cx.cls ? methods : methods.filter((m) => m.isStatic);
    if (found.length === 0) continue;
    const usable = cx.isStatic ? found.filter((m) => m.isStatic) : found;
    if (usable.length === 0) {
      cx.fail(node, `Non static method cannot be referenced from a static context: ${name}`);
    }
    return methodCall(cx, node, usable, args, (f) => f.self, false);
  }
  if (cx.cls.isException && !cx.isStatic) {
    return compileLibraryCall(
      cx,
      node,
      { type: cx.cls.type, run: (f) => f.self },
      name,
      args,
      false,
    );
  }
  return noSuchMethod(cx, node, `void ${name}(${typeNames(args)}) from the type ${cx.cls.name}`);
}

/** `receiver.name(args)`. */
export function compileDotCall(cx: CodeContext, node: DotExpressionContext): TypedExpr {
  const call = node.dotMethodCall();
  const name = call.anyId().getText();
  const left = node.expression();
  const args = (): Argument[] => compileArguments(cx, call.expressionList());
  if (name.toLowerCase() === 'adderror' && left instanceof DotNode && !left.dotMethodCall()) {
    const onField = compileFieldError(cx, left, args);
    if (onField) return onField;
  }
  if (left instanceof PrimaryExpressionContext && left.primary() instanceof SuperPrimaryContext) {
    return compileSuperMethod(cx, node, name, args());
  }
  const operand = compileOperand(cx, left);
  if (operand.kind === 'value') {
    return instanceCall(cx, node, operand.expr, name, args(), node.QUESTIONDOT() !== null);
  }
  if (operand.kind === 'type') return staticCall(cx, node, operand.type, name, args());
  return compileStaticLibraryCall(cx, node, operand.name, name, args());
}

function staticCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  type: ApexType,
  name: string,
  args: readonly Argument[],
): TypedExpr {
  const cls = type.declaration;
  if (!cls || cls.isException || cls.kind === 'enum') {
    const own = cls?.findMethods(name).filter((m) => m.isStatic) ?? [];
    if (own.length) return methodCall(cx, node, own, args, null, true);
    return compileStaticLibraryCall(cx, node, type, name, args);
  }
  const methods = cls.findMethods(name).filter((m) => m.isStatic);
  if (methods.length === 0) {
    noSuchMethod(cx, node, `void ${name}(${typeNames(args)}) from the type ${type.name}`);
  }
  return methodCall(cx, node, methods, args, null, true);
}

function instanceCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  receiver: TypedExpr,
  name: string,
  args: readonly Argument[],
  safe: boolean,
): TypedExpr {
  const { type } = receiver;
  if (type.kind === 'class' && type.declaration) {
    const methods = type.declaration.findMethods(name).filter((m) => !m.isStatic);
    if (methods.length) return methodCall(cx, node, methods, args, receiver.run, false, safe);
    return inheritedCall(cx, node, receiver, name, args, safe);
  }
  if (type.kind === 'unknown' || type.kind === 'object') {
    return dynamicCall(receiver, name, args, safe, UNKNOWN);
  }
  if (isRowList(type) && !cx.unit.hasLibraryMethod('List', name)) {
    const { run } = receiver;
    const row = { type: type.element, run: (f: Parameters<Expr>[0]) => singleRow(run(f)) };
    return compileLibraryCall(cx, node, row, name, args, safe);
  }
  return compileLibraryCall(cx, node, receiver, name, args, safe);
}

/** A method an object has from the platform: of exceptions, enums, interfaces it implements, and of every object. */
function inheritedCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  receiver: TypedExpr,
  name: string,
  args: readonly Argument[],
  safe: boolean,
): TypedExpr {
  const cls = receiver.type.declaration;
  const families = [
    cls?.isException ? 'Exception' : cls?.kind === 'enum' ? 'Enum' : 'Object',
    'Object',
    ...(cls?.allInterfaces() ?? []).filter((i) => !i.declaration).map((i) => i.base),
  ];
  if (families.some((family) => cx.unit.hasLibraryMethod(family, name))) {
    const result = families
      .map((family) => cx.unit.libraryResult(family, name, receiver.type))
      .find((t) => t);
    return dynamicCall(receiver, name, args, safe, result ?? UNKNOWN);
  }
  return noSuchMethod(
    cx,
    node,
    `void ${name}(${typeNames(args)}) from the type ${receiver.type.name}`,
  );
}

/** A call of one of the overloads. `exact` calls that very method (static, `super.`), otherwise its override. */
function methodCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  overloads: readonly ApexMethod[],
  args: readonly Argument[],
  receiver: Expr | null,
  exact: boolean,
  safe = false,
): TypedExpr {
  const chosen = chooseOverload(cx, node, overloads, args);
  const own = args.map((a) => a.run);
  if (chosen.ambiguous) {
    const type = commonReturn(chosen.ambiguous);
    return { type, run: lateCall(chosen.ambiguous, own, receiver, safe) };
  }
  const { method } = chosen;
  const converted = args.map((arg, i) =>
    convert(cx, arg.node, arg, method.parameters[i]?.type ?? UNKNOWN),
  );
  return {
    type: method.returns,
    run: method.isStatic
      ? staticInvocation(method, converted)
      : invocation(method, converted, receiver, exact, safe),
  };
}

function staticInvocation(method: ApexMethod, args: readonly Expr[]): Expr {
  if (method.annotation('future')) {
    return (f) => {
      queueFuture(
        f.session,
        method,
        args.map((arg) => arg(f)),
      );
      return null;
    };
  }
  if (args.length === 0) return (f) => f.session.call(method, null, []);
  if (args.length === 1 && args[0]) {
    const [first] = args;
    return (f) => f.session.call(method, null, [first(f)]);
  }
  return (f) =>
    f.session.call(
      method,
      null,
      args.map((arg) => arg(f)),
    );
}

function invocation(
  method: ApexMethod,
  args: readonly Expr[],
  receiver: Expr | null,
  exact: boolean,
  safe: boolean,
): Expr {
  const { signature } = method;
  const fixed = exact || method.modifiers.words.has('private');
  let lastClass: ApexClass | null = null;
  let lastMethod = method;
  return (f) => {
    const self = receiver ? receiver(f) : f.self;
    if (!(self instanceof ApexObject)) {
      if (self === null && safe) return null;
      if (self === null) throwNullPointer();
      return invokeDynamic(
        self,
        method.name,
        args.map((arg) => arg(f)),
      );
    }
    if (!fixed && self.declaration !== lastClass) {
      lastClass = self.declaration;
      lastMethod = self.declaration.implementation(signature) ?? method;
    }
    const target = fixed ? method : lastMethod;
    if (target.isAbstract && !target.run) {
      return invokeDynamic(
        self,
        method.name,
        args.map((arg) => arg(f)),
      );
    }
    return f.session.call(
      target,
      self,
      args.map((arg) => arg(f)),
    );
  };
}

/** The overload is chosen by the values, since the static types do not tell. */
function lateCall(
  overloads: readonly ApexMethod[],
  args: readonly Expr[],
  receiver: Expr | null,
  safe: boolean,
): Expr {
  return (f) => {
    const self = receiver ? receiver(f) : null;
    const values = args.map((arg) => arg(f));
    const method = chooseByValues(overloads, values) ?? overloads[0];
    if (!method) throwNullPointer();
    if (method.isStatic) return f.session.call(method, null, convertArguments(method, values));
    if (self === null && safe) return null;
    if (!(self instanceof ApexObject)) throwNullPointer();
    const target = self.declaration.implementation(method.signature) ?? method;
    return f.session.call(target, self, convertArguments(target, values));
  };
}

function commonReturn(overloads: readonly ApexMethod[]): ApexType {
  const [first, ...rest] = overloads.map((m) => m.returns);
  return first && rest.every((type) => type.name === first.name) ? first : UNKNOWN;
}

type Choice = { method: ApexMethod; ambiguous?: undefined } | { ambiguous: readonly ApexMethod[] };

export function chooseOverload(
  cx: CodeContext,
  node: ApexParserRuleContext,
  overloads: readonly ApexMethod[],
  args: readonly Argument[],
): Choice {
  const fits: { method: ApexMethod; far: number }[] = [];
  for (const method of overloads) {
    if (method.parameters.length !== args.length) continue;
    const far = method.parameters.reduce(
      (sum, p, i) => sum + distance(args[i]?.type ?? UNKNOWN, p.type),
      0,
    );
    if (far < Infinity) fits.push({ method, far });
  }
  fits.sort((a, b) => a.far - b.far);
  const [best, second] = fits;
  if (!best) {
    const known = overloads.map((m) => m.signature).join(' or ');
    return noSuchMethod(
      cx,
      node,
      `${overloads[0]?.name ?? ''}(${typeNames(args)}); there is ${known}`,
    );
  }
  const unsure = args.some((a) => a.type.kind === 'unknown' || a.type.kind === 'object');
  if (second && unsure) return { ambiguous: fits.map((fit) => fit.method) };
  return { method: best.method };
}

function compileThisCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  args: readonly Argument[],
): TypedExpr {
  return methodCall(cx, node, cx.cls.constructors, args, (f) => f.self, true);
}

function compileSuperCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  args: readonly Argument[],
): TypedExpr {
  const { cls } = cx;
  const parent = cls.superclass;
  if (!parent) return cx.fail(node, `${cls.name} has no superclass`);
  if (parent.constructors.length === 0 && (args.length === 0 || parent.isException)) {
    return { type: VOID, run: superPlain(cx, parent, args) };
  }
  const call = methodCall(cx, node, parent.constructors, args, (f) => f.self, true);
  return {
    type: VOID,
    run: (f) => {
      call.run(f);
      if (f.self) initialiseFields(f.self, cls);
      return null;
    },
  };
}

/** `super(...)` of a class without declared constructors; exceptions take a message or a cause. */
function superPlain(cx: CodeContext, parent: ApexClass, args: readonly Argument[]): Expr {
  const { cls } = cx;
  return (f) => {
    if (!f.self) return null;
    const values: Value[] = args.map((a) => a.run(f));
    constructSuper(f.self, parent);
    if (values.length) cx.unit.fillException(f.self, values);
    initialiseFields(f.self, cls);
    return null;
  };
}

function compileSuperMethod(
  cx: CodeContext,
  node: ApexParserRuleContext,
  name: string,
  args: readonly Argument[],
): TypedExpr {
  const parent = cx.cls.superclass;
  const methods = parent?.findMethods(name) ?? [];
  if (methods.length) return methodCall(cx, node, methods, args, (f) => f.self, true);
  return compileLibraryCall(
    cx,
    node,
    { type: parent?.type ?? UNKNOWN, run: (f) => f.self },
    name,
    args,
    false,
  );
}
