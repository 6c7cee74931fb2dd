import type { TryStatementContext } from '@apexdevtools/apex-parser';
import { asApexException, builtInException, isUncatchable } from '../run/exceptions.js';
import { Completion, type ApexClass, type Stmt } from '../types/model.js';
import type { CodeContext } from './context.js';
import { compileBlock } from './statements.js';

interface Handler {
  readonly type: ApexClass;
  readonly slot: number;
  readonly run: Stmt;
}

export function compileTry(cx: CodeContext, node: TryStatementContext): Stmt {
  const run = compileBlock(cx, node.block());
  const handlers = node.catchClause_list().map((clause): Handler =>
    cx.inBlock(() => {
      const name = clause.qualifiedName().getText();
      const type = cx.resolve(name)?.declaration ?? builtInException(name);
      if (!type?.isException) return cx.fail(clause, `Invalid type: ${name}`);
      const { slot } = cx.declare(clause.id().getText(), type.type, clause);
      return { type, slot, run: compileBlock(cx, clause.block()) };
    }),
  );
  const finalNode = node.finallyBlock();
  const guarded: Stmt = handlers.length ? withHandlers(run, handlers) : run;
  return finalNode ? withFinally(guarded, compileBlock(cx, finalNode.block())) : guarded;
}

function withHandlers(run: Stmt, handlers: readonly Handler[]): Stmt {
  return (f) => {
    const { line } = f;
    try {
      return run(f);
    } catch (error) {
      if (isUncatchable(error)) throw error;
      const value = asApexException(error);
      const handler = value && handlers.find((h) => value.declaration.isSubclassOf(h.type));
      if (!handler) throw error;
      f.locals[handler.slot] = value;
      f.line = line;
      return handler.run(f);
    }
  };
}

function withFinally(run: Stmt, last: Stmt): Stmt {
  return (f) => {
    let end: Completion = Completion.Normal;
    let result = f.result;
    try {
      end = run(f);
      result = f.result;
    } catch (error) {
      if (!isUncatchable(error)) {
        const forced = last(f);
        if (forced !== Completion.Normal) return forced;
      }
      throw error;
    }
    const forced = last(f);
    if (forced !== Completion.Normal) return forced;
    f.result = result;
    return end;
  };
}
