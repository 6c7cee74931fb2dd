import type {
  SwitchStatementContext,
  WhenLiteralContext,
  WhenValueContext,
} from '@apexdevtools/apex-parser';
import type { Frame } from '../run/frame.js';
import { Completion, type Stmt } from '../types/model.js';
import type { ApexType } from '../types/type.js';
import { isInstance } from '../values/coerce.js';
import { valueEqual } from '../values/equality.js';
import { EnumValue, type Value } from '../values/reference.js';
import { libraryType } from '../library/registry.js';
import type { CodeContext } from './context.js';
import { compileExpression } from './expressions.js';
import { unescape } from './literals.js';
import { compileBlock } from './statements.js';

interface Branch {
  readonly matches: (value: Value, frame: Frame) => boolean;
  readonly run: Stmt;
}

export function compileSwitch(cx: CodeContext, node: SwitchStatementContext): Stmt {
  const subject = compileExpression(cx, node.expression());
  const branches: Branch[] = [];
  let otherwise: Stmt = () => Completion.Normal;
  for (const control of node.whenControl_list()) {
    const when = control.whenValue();
    if (when.ELSE()) otherwise = compileBlock(cx, control.block());
    else if (when.typeRef()) {
      branches.push(
        cx.inBlock(() => typeBranch(cx, when, () => compileBlock(cx, control.block()))),
      );
    } else {
      const matches = valueTest(cx, when, subject.type);
      branches.push({ matches, run: compileBlock(cx, control.block()) });
    }
  }
  return (f) => {
    const value = subject.run(f);
    const branch = branches.find((b) => b.matches(value, f));
    return branch ? branch.run(f) : otherwise(f);
  };
}

/** `when Account a`: the value is of that type and gets that name. */
function typeBranch(cx: CodeContext, when: WhenValueContext, block: () => Stmt): Branch {
  const type = cx.unit.typeOf(when.typeRef(), cx.cls);
  const { slot } = cx.declare(when.id().getText(), type, when);
  const matches = (value: Value, f: Frame): boolean => {
    if (!isInstance(value, type)) return false;
    f.locals[slot] = value;
    return true;
  };
  return { matches, run: block() };
}

function valueTest(cx: CodeContext, when: WhenValueContext, subject: ApexType): Branch['matches'] {
  const tests = when.whenLiteral_list().map((literal) => literalTest(cx, literal, subject));
  return (value) => tests.some((test) => test(value));
}

function literalTest(
  cx: CodeContext,
  node: WhenLiteralContext,
  subject: ApexType,
): (value: Value) => boolean {
  const inner = node.whenLiteral();
  if (inner) return literalTest(cx, inner, subject);
  if (node.NULL()) return (value) => value === null;
  const name = node.qualifiedName()?.getText();
  if (name !== undefined) return enumTest(cx, node, name, subject);
  const expected = plainLiteral(node);
  return (value) => valueEqual(value, expected);
}

function plainLiteral(node: WhenLiteralContext): Value {
  const text = node.getText();
  if (node.StringLiteral()) return unescape(text.slice(1, -1));
  const sign = node.SUB_list().length % 2 === 1 ? -1 : 1;
  if (node.LongLiteral()) return BigInt(text.replace(/[-+lL]/g, '')) * BigInt(sign);
  return Number(text.replace(/[-+]/g, '')) * sign;
}

/** `when RED`: the name of a value of the subject's enum. */
function enumTest(
  cx: CodeContext,
  node: WhenLiteralContext,
  name: string,
  subject: ApexType,
): (value: Value) => boolean {
  const lower = name.toLowerCase();
  const declared = subject.declaration?.enumValues;
  const known = declared
    ? declared.some((v) => v.name.toLowerCase() === lower)
    : (libraryType(subject.base)?.staticProperties.has(lower) ?? subject.kind === 'unknown');
  if (!known) cx.fail(node, `${name} is not a value of ${subject.name}`);
  return (value) => value instanceof EnumValue && value.name.toLowerCase() === lower;
}
