/** Loops. Every round ticks the CPU clock. */
import type {
  DoWhileStatementContext,
  EnhancedForControlContext,
  ForControlContext,
  ForStatementContext,
  StatementContext,
  WhileStatementContext,
} from '@apexdevtools/apex-parser';
import { iterate } from '../run/iteration.js';
import type { Frame } from '../run/frame.js';
import { Completion, type Expr, type Stmt } from '../types/model.js';
import { BOOLEAN, sameType, UNKNOWN, type ApexType } from '../types/type.js';
import { coercionTo } from '../values/coerce.js';
import { ApexList } from '../values/reference.js';
import type { CodeContext } from './context.js';
import { distance, isRowList } from './convert.js';
import { compileAs, compileExpression } from './expressions.js';
import { truth } from './operators.js';
import { compileLocal, compileStatement } from './statements.js';

/** Rows a SOQL loop hands out at a time. */
const CHUNK = 200;

function body(cx: CodeContext, node: StatementContext | null): Stmt {
  return node ? cx.inBlock(() => compileStatement(cx, node)) : () => Completion.Normal;
}

export function compileWhile(cx: CodeContext, node: WhileStatementContext): Stmt {
  const test = compileAs(cx, node.parExpression().expression(), BOOLEAN).run;
  const run = body(cx, node.statement());
  return (f) => {
    while (truth(test(f))) {
      f.session.tick();
      const end = run(f);
      if (end === Completion.Return) return end;
      if (end === Completion.Break) break;
    }
    return Completion.Normal;
  };
}

export function compileDoWhile(cx: CodeContext, node: DoWhileStatementContext): Stmt {
  const test = compileAs(cx, node.parExpression().expression(), BOOLEAN).run;
  const block = node.block();
  const statements = block.statement_list();
  const run = cx.inBlock(() => statements.map((s) => compileStatement(cx, s)));
  return (f) => {
    do {
      f.session.tick();
      const end = runAll(run, f);
      if (end === Completion.Return) return end;
      if (end === Completion.Break) break;
    } while (truth(test(f)));
    return Completion.Normal;
  };
}

function runAll(statements: readonly Stmt[], f: Frame): Completion {
  for (const statement of statements) {
    const end = statement(f);
    if (end !== Completion.Normal) return end;
  }
  return Completion.Normal;
}

export function compileFor(cx: CodeContext, node: ForStatementContext): Stmt {
  const control = node.forControl();
  const each = control.enhancedForControl();
  return cx.inBlock(() =>
    each
      ? compileForEach(cx, each, node.statement())
      : compileForSteps(cx, control, node.statement()),
  );
}

function compileForSteps(
  cx: CodeContext,
  control: ForControlContext,
  node: StatementContext,
): Stmt {
  const init = control.forInit();
  const declaration = init?.localVariableDeclaration();
  const first = declaration ? compileLocal(cx, declaration) : null;
  const prepare = expressions(cx, init?.expressionList()?.expression_list() ?? []);
  const condition = control.expression();
  const test = condition ? compileAs(cx, condition, BOOLEAN).run : null;
  const update = expressions(cx, control.forUpdate()?.expressionList().expression_list() ?? []);
  const run = body(cx, node);
  return (f) => {
    if (first) first(f);
    for (const step of prepare) step(f);
    while (!test || truth(test(f))) {
      f.session.tick();
      const end = run(f);
      if (end === Completion.Return) return end;
      if (end === Completion.Break) break;
      for (const step of update) step(f);
    }
    return Completion.Normal;
  };
}

function expressions(
  cx: CodeContext,
  nodes: readonly Parameters<typeof compileExpression>[1][],
): Expr[] {
  return nodes.map((node) => compileExpression(cx, node).run);
}

function compileForEach(
  cx: CodeContext,
  each: EnhancedForControlContext,
  node: StatementContext,
): Stmt {
  const type = cx.unit.typeOf(each.typeRef(), cx.cls);
  const source = compileExpression(cx, each.expression());
  const chunked = type.is('list') && isRowList(source.type) && !source.type.element.is('list');
  const element = elementOf(source.type);
  if (!chunked && distance(element, type) === Infinity && distance(type, element) === Infinity) {
    cx.fail(each, `Loop variable must be of type ${element.name}`);
  }
  const { slot } = cx.declare(each.id().getText(), type, each);
  const coerce = sameType(element, type) ? null : coercionTo(type);
  const run = body(cx, node);
  return (f) => {
    const values = source.run(f);
    const items = chunked ? chunks(values, type) : iterate(values);
    for (const item of items) {
      f.session.tick();
      f.locals[slot] = coerce && !chunked ? coerce(item) : item;
      const end = run(f);
      if (end === Completion.Return) return end;
      if (end === Completion.Break) break;
    }
    return Completion.Normal;
  };
}

function* chunks(values: ReturnType<Expr>, type: ApexType): Generator<ApexList> {
  const items = [...iterate(values)];
  for (let i = 0; i < items.length; i += CHUNK) {
    yield new ApexList(type.element, items.slice(i, i + CHUNK));
  }
}

function elementOf(type: ApexType): ApexType {
  return type.kind === 'collection' && !type.is('map') ? type.element : UNKNOWN;
}
