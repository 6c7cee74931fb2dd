/** Statements. Each notes its line before it runs, for stack traces and coverage. */
import type {
  BlockContext,
  FieldDeclarationContext,
  IfStatementContext,
  LocalVariableDeclarationContext,
  ReturnStatementContext,
  RunAsStatementContext,
  StatementContext,
  ThrowStatementContext,
} from '@apexdevtools/apex-parser';
import { ApexThrow, ExceptionValue, throwNullPointer } from '../run/exceptions.js';
import { runAs } from '../run/run-as.js';
import { Completion, type Stmt } from '../types/model.js';
import { BOOLEAN } from '../types/type.js';
import type { CodeContext } from './context.js';
import { convert } from './convert.js';
import { compileDml } from './dml.js';
import { lineOf } from './errors.js';
import { compileAs, compileExpression } from './expressions.js';
import { compileFor, compileWhile, compileDoWhile } from './loops.js';
import { truth } from './operators.js';
import { compileSwitch } from './switch.js';
import { compileTry } from './try.js';

export function compileBlock(cx: CodeContext, node: BlockContext): Stmt {
  return cx.inBlock(() => sequence(compileAll(cx, node.statement_list())));
}

/** Every statement is tried, so that all faults of a block are reported. */
export function compileAll(cx: CodeContext, nodes: readonly StatementContext[]): Stmt[] {
  const compiled: Stmt[] = [];
  for (const node of nodes) cx.unit.attempt(() => compiled.push(compileStatement(cx, node)));
  return compiled;
}

export function sequence(statements: readonly Stmt[]): Stmt {
  const [first, second] = statements;
  if (!first) return () => Completion.Normal;
  if (statements.length === 1) return first;
  if (statements.length === 2 && second) {
    return (f) => {
      const end = first(f);
      return end === Completion.Normal ? second(f) : end;
    };
  }
  return (f) => {
    for (const statement of statements) {
      const end = statement(f);
      if (end !== Completion.Normal) return end;
    }
    return Completion.Normal;
  };
}

export function compileStatement(cx: CodeContext, node: StatementContext): Stmt {
  const block = node.block();
  if (block) return compileBlock(cx, block);
  return atLine(cx, lineOf(node), compileInner(cx, node));
}

/** Notes the line, for traces; and that it ran, for coverage. */
export function atLine(cx: CodeContext, line: number, run: Stmt): Stmt {
  const { outermost } = cx.cls;
  outermost.statementLines.add(line);
  return (f) => {
    f.line = line;
    const { coverage } = outermost;
    if (coverage) coverage[line] = 1;
    return run(f);
  };
}

function compileInner(cx: CodeContext, node: StatementContext): Stmt {
  const expression = node.expressionStatement();
  if (expression) {
    const { run } = compileExpression(cx, expression.expression());
    return (f) => {
      run(f);
      return Completion.Normal;
    };
  }
  const local = node.localVariableDeclarationStatement();
  if (local) return compileLocal(cx, local.localVariableDeclaration());
  if (node.ifStatement()) return compileIf(cx, node.ifStatement());
  if (node.returnStatement()) return compileReturn(cx, node.returnStatement());
  if (node.forStatement()) return compileFor(cx, node.forStatement());
  if (node.whileStatement()) return compileWhile(cx, node.whileStatement());
  if (node.doWhileStatement()) return compileDoWhile(cx, node.doWhileStatement());
  if (node.tryStatement()) return compileTry(cx, node.tryStatement());
  if (node.throwStatement()) return compileThrow(cx, node.throwStatement());
  if (node.breakStatement()) return () => Completion.Break;
  if (node.continueStatement()) return () => Completion.Continue;
  if (node.switchStatement()) return compileSwitch(cx, node.switchStatement());
  if (node.runAsStatement()) return compileRunAs(cx, node.runAsStatement());
  return compileDml(cx, node);
}

/** Local variables; at the top of a trigger or anonymous block the parser calls them fields. */
export function compileLocal(
  cx: CodeContext,
  node: LocalVariableDeclarationContext | FieldDeclarationContext,
): Stmt {
  const type = cx.unit.typeOf(node.typeRef(), cx.cls);
  const steps = node
    .variableDeclarators()
    .variableDeclarator_list()
    .map((declarator): Stmt => {
      const value = declarator.expression();
      const run = value ? compileAs(cx, value, type).run : null;
      const { slot } = cx.declare(declarator.id().getText(), type, declarator);
      return (f) => {
        f.locals[slot] = run ? run(f) : null;
        return Completion.Normal;
      };
    });
  return sequence(steps);
}

function compileIf(cx: CodeContext, node: IfStatementContext): Stmt {
  const test = compileAs(cx, node.parExpression().expression(), BOOLEAN).run;
  const [then, otherwise] = node
    .statement_list()
    .map((s) => cx.inBlock(() => compileStatement(cx, s)));
  if (!then) return cx.fail(node, 'An if needs a statement');
  if (!otherwise) return (f) => (truth(test(f)) ? then(f) : Completion.Normal);
  return (f) => (truth(test(f)) ? then(f) : otherwise(f));
}

function compileReturn(cx: CodeContext, node: ReturnStatementContext): Stmt {
  const value = node.expression();
  if (!value) {
    if (cx.returns.kind !== 'void') cx.fail(node, 'Missing return value');
    return () => Completion.Return;
  }
  if (cx.returns.kind === 'void') cx.fail(node, 'Void method must not return a value');
  const run = convert(cx, node, compileExpression(cx, value), cx.returns);
  return (f) => {
    f.result = run(f);
    return Completion.Return;
  };
}

function compileThrow(cx: CodeContext, node: ThrowStatementContext): Stmt {
  const { run, type } = compileExpression(cx, node.expression());
  if (type.kind !== 'unknown' && !type.declaration?.isException) {
    cx.fail(node, `Throw expression must be of type exception: ${type.name}`);
  }
  return (f) => {
    const value = run(f);
    if (!(value instanceof ExceptionValue)) throwNullPointer();
    throw new ApexThrow(value);
  };
}

function compileRunAs(cx: CodeContext, node: RunAsStatementContext): Stmt {
  const user = node.expressionList().expression(0);
  const { run } = compileExpression(cx, user);
  const body = compileBlock(cx, node.block());
  return (f) => runAs(f.session, run(f), () => body(f));
}
