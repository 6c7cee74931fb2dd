/** Where code is being compiled: its class, its method and the variables in sight. */
import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import { UnsupportedError } from '../../org/contracts.js';
import type { ApexClass, ApexField, Expr } from '../types/model.js';
import type { ApexType } from '../types/type.js';
import { CompileProblem, lineOf } from './errors.js';
import type { CompileUnit } from './unit.js';

export interface TypedExpr {
  readonly type: ApexType;
  readonly run: Expr;
}

export interface Variable {
  readonly name: string;
  readonly type: ApexType;
  readonly slot: number;
}

export class CodeContext {
  private blocks: Map<string, Variable>[] = [new Map<string, Variable>()];
  private nextSlot = 0;
  /** Slots a frame of this code needs. */
  frameSize = 0;
  /** The property whose accessor this is: inside it the name means the stored value. */
  accessor: ApexField | null = null;

  constructor(
    readonly unit: CompileUnit,
    readonly cls: ApexClass,
    readonly isStatic: boolean,
    readonly returns: ApexType,
  ) {}

  fail(node: ApexParserRuleContext, message: string): never {
    throw new CompileProblem({ file: this.cls.file, line: lineOf(node), message });
  }

  unsupported(node: ApexParserRuleContext, construct: string): never {
    throw new UnsupportedError(construct, this.where(node));
  }

  where(node: ApexParserRuleContext): string {
    return `${this.cls.file}:${lineOf(node)}`;
  }

  /** A new variable of the innermost block. */
  declare(name: string, type: ApexType, node: ApexParserRuleContext): Variable {
    if (this.find(name)) this.fail(node, `Duplicate variable: ${name}`);
    const variable = { name, type, slot: this.nextSlot++ };
    this.frameSize = Math.max(this.frameSize, this.nextSlot);
    this.blocks[this.blocks.length - 1]?.set(name.toLowerCase(), variable);
    return variable;
  }

  /** A slot no name can reach. */
  hidden(): number {
    const slot = this.nextSlot++;
    this.frameSize = Math.max(this.frameSize, this.nextSlot);
    return slot;
  }

  find(name: string): Variable | undefined {
    const lower = name.toLowerCase();
    for (let i = this.blocks.length - 1; i >= 0; i--) {
      const found = this.blocks[i]?.get(lower);
      if (found) return found;
    }
    return undefined;
  }

  /** Compiles a block: its variables are gone afterwards, their slots are not reused by closures still in sight. */
  inBlock<T>(work: () => T): T {
    this.blocks.push(new Map());
    try {
      return work();
    } finally {
      this.blocks.pop();
    }
  }

  resolve(text: string): ApexType | undefined {
    return this.unit.resolve(text, this.cls);
  }
}
