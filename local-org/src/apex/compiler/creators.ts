/** `new`: objects, sObjects with field values, collections and arrays. */
import {
  AssignExpressionContext,
  type CreatorContext,
  type ExpressionContext,
  type ExpressionListContext,
} from '@apexdevtools/apex-parser';
import { SObjectRecord } from '../../values/values.js';
import { Call } from '../library/call.js';
import { LibraryType, libraryType } from '../library/registry.js';
import { fillException } from '../library/exception.js';
import { construct } from '../run/invoke.js';
import { recordMember, writeMember } from '../run/records.js';
import type { ApexClass, Expr } from '../types/model.js';
import { INTEGER, listOf, UNKNOWN, type ApexType } from '../types/type.js';
import { ApexList, ApexMap, ApexSet, type Value } from '../values/reference.js';
import { chooseOverload, compileArguments } from './calls.js';
import { typeNames } from './dynamic-call.js';
import type { CodeContext, TypedExpr } from './context.js';
import { compileAs, compileExpression } from './expressions.js';
import { convert } from './convert.js';

export function compileCreator(cx: CodeContext, node: CreatorContext): TypedExpr {
  const name = node.createdName().getText();
  const type = cx.resolve(name);
  if (!type) return cx.fail(node, `Invalid type: ${name}`);
  const array = node.arrayCreatorRest();
  if (array) {
    const items = array.arrayInitializer()?.expression_list();
    return items ? listLiteral(cx, listOf(type), items) : sizedList(cx, type, array.expression());
  }
  const map = node.mapCreatorRest();
  if (map) {
    const pairs = map.mapCreatorRestPair_list();
    return mapLiteral(
      cx,
      type,
      pairs.map((p) => [p.expression(0), p.expression(1)]),
    );
  }
  const set = node.setCreatorRest();
  if (set) {
    const items = set.expression_list();
    return type.is('list') ? listLiteral(cx, type, items) : setLiteral(cx, type, items);
  }
  if (node.noRest()) return emptyCollection(cx, node, type);
  const args = node.classCreatorRest().arguments().expressionList();
  if (type.kind === 'sobject') return newRecord(cx, node, type, args);
  if (type.declaration) return newObject(cx, node, type, type.declaration, args);
  return newLibraryObject(cx, node, type, args);
}

function sizedList(cx: CodeContext, element: ApexType, size: ExpressionContext): TypedExpr {
  const length = compileAs(cx, size, INTEGER).run;
  return {
    type: listOf(element),
    run: (f) => new ApexList(element, new Array<Value>(Number(length(f))).fill(null)),
  };
}

function converted(cx: CodeContext, nodes: readonly ExpressionContext[], type: ApexType): Expr[] {
  return nodes.map((node) => compileAs(cx, node, type).run);
}

function listLiteral(
  cx: CodeContext,
  type: ApexType,
  nodes: readonly ExpressionContext[],
): TypedExpr {
  const items = converted(cx, nodes, type.element);
  return {
    type,
    run: (f) =>
      new ApexList(
        type.element,
        items.map((item) => item(f)),
      ),
  };
}

function setLiteral(
  cx: CodeContext,
  type: ApexType,
  nodes: readonly ExpressionContext[],
): TypedExpr {
  const items = converted(cx, nodes, type.element);
  return {
    type,
    run: (f) =>
      new ApexSet(
        type.element,
        items.map((item) => item(f)),
      ),
  };
}

function mapLiteral(
  cx: CodeContext,
  type: ApexType,
  pairs: readonly (readonly [ExpressionContext, ExpressionContext])[],
): TypedExpr {
  const value = type.args[1] ?? UNKNOWN;
  const entries = pairs.map(
    ([k, v]) => [compileAs(cx, k, type.element).run, compileAs(cx, v, value).run] as const,
  );
  return {
    type,
    run: (f) =>
      new ApexMap(
        type.element,
        value,
        entries.map(([k, v]) => [k(f), v(f)] as const),
      ),
  };
}

function emptyCollection(cx: CodeContext, node: CreatorContext, type: ApexType): TypedExpr {
  if (type.is('list')) return { type, run: () => new ApexList(type.element) };
  if (type.is('set')) return { type, run: () => new ApexSet(type.element) };
  if (type.is('map'))
    return { type, run: () => new ApexMap(type.element, type.args[1] ?? UNKNOWN) };
  return cx.fail(node, `Invalid constructor syntax for ${type.name}`);
}

/** `new Account(Name = 'x')`: the arguments are field values. */
function newRecord(
  cx: CodeContext,
  node: CreatorContext,
  type: ApexType,
  list: ExpressionListContext | null,
): TypedExpr {
  if (type.is('sobject')) return cx.fail(node, 'Type cannot be constructed: SObject');
  const values = (list?.expression_list() ?? []).map((pair) => {
    if (!(pair instanceof AssignExpressionContext) || !pair.ASSIGN()) {
      return cx.fail(pair, `Expected Field = value for ${type.name}, found ${pair.getText()}`);
    }
    const name = pair.expression(0).getText();
    const member = recordMember(cx.unit.schema, type.name, name);
    if (!member) return cx.fail(pair, `Field does not exist: ${type.name}.${name}`);
    return {
      member,
      value: convert(cx, pair, compileExpression(cx, pair.expression(1)), member.type),
    };
  });
  return {
    type,
    run: (f) => {
      const record = new SObjectRecord(type.name);
      for (const { member, value } of values) writeMember(record, member, value(f));
      return record;
    },
  };
}

function newObject(
  cx: CodeContext,
  node: CreatorContext,
  type: ApexType,
  cls: ApexClass,
  list: ExpressionListContext | null,
): TypedExpr {
  if (cls.isInterface || cls.isAbstract || cls.kind === 'enum') {
    cx.fail(node, `Type cannot be constructed: ${cls.name}`);
  }
  const args = compileArguments(cx, list);
  if (cls.isException && !cls.constructors.some((c) => c.parameters.length === args.length)) {
    const values = args.map((a) => a.run);
    return {
      type,
      run: (f) => {
        const given = values.map((value) => value(f));
        const object = construct(cls, null, []);
        fillException(object, given);
        return object;
      },
    };
  }
  if (cls.constructors.length === 0) {
    if (args.length) cx.fail(node, `Constructor not defined: ${cls.name}(${typeNames(args)})`);
    return { type, run: () => construct(cls, null, []) };
  }
  const choice = chooseOverload(cx, node, cls.constructors, args);
  const method = choice.ambiguous ? choice.ambiguous[0] : choice.method;
  if (!method) return cx.fail(node, `Constructor not defined: ${cls.name}(${typeNames(args)})`);
  const values = args.map((arg, i) =>
    convert(cx, arg.node, arg, method.parameters[i]?.type ?? UNKNOWN),
  );
  return {
    type,
    run: (f) =>
      construct(
        cls,
        method,
        values.map((value) => value(f)),
      ),
  };
}

function newLibraryObject(
  cx: CodeContext,
  node: CreatorContext,
  type: ApexType,
  list: ExpressionListContext | null,
): TypedExpr {
  const args = compileArguments(cx, list);
  const method = LibraryType.pick(libraryType(type.base)?.constructors, args.length);
  if (!method) return cx.unsupported(node, `new ${type.name}(${typeNames(args)})`);
  const values = args.map((a) => a.run);
  return {
    type,
    run: (f) =>
      method.run(
        new Call(
          null,
          values.map((value) => value(f)),
          type,
        ),
      ),
  };
}
