import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';

export interface CompileError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Thrown inside the compiler at one fault; collected so that all faults are reported at once. */
export class CompileProblem extends Error {
  constructor(readonly error: CompileError) {
    super(`${error.file}:${error.line}: ${error.message}`);
    this.name = 'CompileProblem';
  }
}

/** The project's Apex does not compile. */
export class CompileFailure extends Error {
  constructor(readonly errors: readonly CompileError[]) {
    super(
      `${errors.length} compile error${errors.length === 1 ? '' : 's'}:\n` +
        errors.map((e) => `${e.file}:${e.line}: ${e.message}`).join('\n'),
    );
    this.name = 'CompileFailure';
  }
}

export function lineOf(node: ApexParserRuleContext): number {
  return node.start?.line ?? 0;
}
