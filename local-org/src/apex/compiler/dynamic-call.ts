/** Calls whose method only the value at run time tells, and what all calls say of their arguments. */
import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import { invokeDynamic } from '../run/dynamic.js';
import type { ApexType } from '../types/type.js';
import type { CodeContext, TypedExpr } from './context.js';

export interface Argument extends TypedExpr {
  readonly node: ApexParserRuleContext;
}

export function typeNames(args: readonly Argument[]): string {
  return args.map((a) => a.type.name).join(', ');
}

/** @param call such as `void name(Integer)` */
export function noSuchMethod(cx: CodeContext, node: ApexParserRuleContext, call: string): never {
  return cx.fail(node, `Method does not exist or incorrect signature: ${call}`);
}

/** @param type of the result, as far as the static types tell */
export function dynamicCall(
  receiver: TypedExpr,
  name: string,
  args: readonly Argument[],
  safe: boolean,
  type: ApexType,
): TypedExpr {
  const { run } = receiver;
  const own = args.map((a) => a.run);
  return {
    type,
    run: (f) => {
      const self = run(f);
      if (self === null && safe) return null;
      return invokeDynamic(
        self,
        name,
        own.map((arg) => arg(f)),
      );
    },
  };
}
