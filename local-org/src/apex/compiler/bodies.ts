/** Bodies of one class: methods, constructors, accessors, field values and initialiser blocks. */
import {
  ExpressionStatementContext,
  MethodCallExpressionContext,
  type BlockContext,
  type ExpressionContext,
} from '@apexdevtools/apex-parser';
import { constructSuper, initialiseFields } from '../run/invoke.js';
import {
  ApexMethod,
  Completion,
  type ApexClass,
  type ApexField,
  type Modifiers,
  type Stmt,
} from '../types/model.js';
import { VOID } from '../types/type.js';
import { CodeContext } from './context.js';
import { lineOf } from './errors.js';
import { compileAs } from './expressions.js';
import { compileAll, compileBlock, sequence } from './statements.js';
import type { CompileUnit } from './unit.js';

type Task = () => void;

export class ClassBodies {
  private readonly tasks: Task[] = [];

  constructor(
    private readonly unit: CompileUnit,
    private readonly cls: ApexClass,
  ) {}

  compile(): void {
    for (const task of this.tasks) this.unit.attempt(task);
    for (const [steps, size] of [
      [this.cls.staticInit, this.staticSlots],
      [this.cls.instanceInit, this.instanceSlots],
    ] as const) {
      this.unit.program.initialiserSlots.set(steps, size);
    }
  }

  private staticSlots = 0;
  private instanceSlots = 0;

  private context(method: ApexMethod): CodeContext {
    const cx = new CodeContext(this.unit, this.cls, method.isStatic, method.returns);
    for (const parameter of method.parameters) {
      cx.declare(parameter.name, parameter.type, method.source ?? missing(method));
    }
    return cx;
  }

  addMethod(method: ApexMethod, block: BlockContext): void {
    this.tasks.push(() => {
      const cx = this.context(method);
      const run = compileBlock(cx, block);
      method.frameSize = cx.frameSize;
      method.run = run;
    });
  }

  addAccessor(field: ApexField, method: ApexMethod, block: BlockContext): void {
    this.tasks.push(() => {
      const cx = this.context(method);
      cx.accessor = field;
      const run = compileBlock(cx, block);
      method.frameSize = cx.frameSize;
      method.run = run;
    });
  }

  /** A constructor runs `this(…)` or `super(…)` first, then the class's own initialisers, then the rest. */
  addConstructor(method: ApexMethod, block: BlockContext): void {
    const { cls } = this;
    this.tasks.push(() => {
      const cx = this.context(method);
      const run = sequence(compileAll(cx, block.statement_list()));
      method.frameSize = cx.frameSize;
      method.run = chainsItself(block) ? run : withImplicitSuper(cls, run);
    });
  }

  addInitialiser(block: BlockContext, isStatic: boolean): void {
    const words = new Set(isStatic ? ['static'] : []);
    const modifiers: Modifiers = { words, annotations: [] };
    const method = new ApexMethod(
      isStatic ? '<clinit>' : '<init>',
      this.cls,
      [],
      VOID,
      modifiers,
      lineOf(block),
      block,
    );
    (isStatic ? this.cls.staticInit : this.cls.instanceInit).push({ block: method });
    this.addMethod(method, block);
  }

  addFieldValue(field: ApexField, value: ExpressionContext): void {
    const steps = field.isStatic ? this.cls.staticInit : this.cls.instanceInit;
    const at = steps.length;
    steps.push({ field, value: () => null });
    const line = lineOf(value);
    this.tasks.push(() => {
      const cx = new CodeContext(this.unit, this.cls, field.isStatic, field.type);
      const { run } = compileAs(cx, value, field.type);
      const { outermost } = this.cls;
      outermost.statementLines.add(line);
      if (field.isStatic) this.staticSlots = Math.max(this.staticSlots, cx.frameSize);
      else this.instanceSlots = Math.max(this.instanceSlots, cx.frameSize);
      steps[at] = {
        field,
        value: (f) => {
          f.line = line;
          if (outermost.coverage) outermost.coverage[line] = 1;
          return run(f);
        },
      };
    });
  }
}

function missing(method: ApexMethod): never {
  throw new Error(`${method.owner.name}.${method.name} has no source`);
}

/** True when a constructor starts with `this(…)` or `super(…)`. */
function chainsItself(block: BlockContext): boolean {
  const first = block.statement_list()[0]?.expressionStatement();
  if (!(first instanceof ExpressionStatementContext)) return false;
  const call = first.expression();
  if (!(call instanceof MethodCallExpressionContext)) return false;
  return call.methodCall().THIS() !== null || call.methodCall().SUPER() !== null;
}

function withImplicitSuper(cls: ApexClass, run: Stmt): Stmt {
  return (f) => {
    if (f.self) {
      if (cls.superclass) constructSuper(f.self, cls.superclass);
      initialiseFields(f.self, cls);
    }
    const end = run(f);
    return end === Completion.Return ? Completion.Normal : end;
  };
}
