/** Calls of the standard library, checked against its signatures. */
import type { ApexParserRuleContext } from '@apexdevtools/apex-parser';
import { Call } from '../library/call.js';
import { LibraryType, libraryType } from '../library/registry.js';
import { libraryTypeOf, invokeDynamic, receiverType } from '../run/dynamic.js';
import { throwNullPointer } from '../run/exceptions.js';
import { UNKNOWN, VOID, type ApexType } from '../types/type.js';
import { ApexObject } from '../values/reference.js';
import type { CodeContext, TypedExpr } from './context.js';
import { distance } from './convert.js';
import { dynamicCall, noSuchMethod, typeNames, type Argument } from './dynamic-call.js';

/** The library type that holds the instance methods of a static type. */
function familyOf(type: ApexType): LibraryType | undefined {
  if (type.kind === 'sobject') return libraryType('SObject');
  if (type.declaration?.isException) return libraryType('Exception');
  if (type.declaration?.kind === 'enum') return libraryType('Enum');
  return libraryType(type.base);
}

export function compileLibraryCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  receiver: TypedExpr,
  name: string,
  args: readonly Argument[],
  safe: boolean,
): TypedExpr {
  const family = familyOf(receiver.type);
  const lower = name.toLowerCase();
  const overloads = family?.methods.get(lower) ?? libraryType('Object')?.methods.get(lower);
  if (!overloads) {
    if (receiver.type.kind === 'library' && family?.isInterface && family.methods.size === 0) {
      return dynamicCall(receiver, name, args, safe, UNKNOWN);
    }
    return cx.unsupported(node, `${receiver.type.name}.${name}(${typeNames(args)})`);
  }
  const method = LibraryType.pick(overloads, args.length);
  if (!method) {
    noSuchMethod(cx, node, `${receiver.type.name}.${name}(${typeNames(args)})`);
  }
  checkArguments(cx, receiver.type, method.name, method.parameters, args);
  const type = resultType(cx, method.returns, receiver.type);
  if (receiver.type.kind === 'primitive' || receiver.type.kind === 'collection') {
    const own = args.map((a) => a.run);
    const { run } = receiver;
    const { run: body } = method;
    return {
      type,
      run: (f) => {
        const self = run(f);
        if (self === null) return safe ? null : throwNullPointer();
        const values = own.map((arg) => arg(f));
        const fit = self instanceof ApexObject || libraryTypeOf(self) !== family;
        return fit
          ? invokeDynamic(self, name, values)
          : body(new Call(self, values, receiverType(self)));
      },
    };
  }
  return dynamicCall(receiver, name, args, safe, type);
}

function resultType(cx: CodeContext, returns: string, receiver: ApexType): ApexType {
  return returns === 'void' ? VOID : cx.unit.signatureType(returns, receiver);
}

function checkArguments(
  cx: CodeContext,
  receiver: ApexType,
  name: string,
  parameters: readonly string[],
  args: readonly Argument[],
): void {
  for (const [i, arg] of args.entries()) {
    const expected = cx.unit.signatureType(parameters[i] ?? 'Any', receiver);
    if (distance(arg.type, expected) === Infinity) {
      noSuchMethod(
        cx,
        arg.node,
        `${receiver.name}.${name} takes ${expected.name}, not ${arg.type.name}`,
      );
    }
  }
}

/** `Type.name(args)` of a platform type, or of a namespace that is one (`Database`, `Schema`). */
export function compileStaticLibraryCall(
  cx: CodeContext,
  node: ApexParserRuleContext,
  subject: ApexType | string,
  name: string,
  args: readonly Argument[],
): TypedExpr {
  const type = typeof subject === 'string' ? undefined : subject;
  const typeName = type ? type.name : String(subject);
  const lower = name.toLowerCase();
  const family = staticFamily(type, typeName);
  const overloads = family?.statics.get(lower);
  if (!overloads) return cx.unsupported(node, `${typeName}.${name}(${typeNames(args)})`);
  const method = LibraryType.pick(overloads, args.length);
  if (!method) {
    noSuchMethod(cx, node, `${typeName}.${name}(${typeNames(args)})`);
  }
  const receiver = type ?? UNKNOWN;
  checkArguments(cx, receiver, method.name, method.parameters, args);
  const own = args.map((a) => a.run);
  const { run } = method;
  return {
    type: resultType(cx, method.returns, receiver),
    run: (f) =>
      run(
        new Call(
          null,
          own.map((arg) => arg(f)),
          receiver,
        ),
      ),
  };
}

function staticFamily(type: ApexType | undefined, name: string): LibraryType | undefined {
  if (type?.kind === 'sobject')
    return libraryType(/__mdt$/i.test(name) ? 'CustomMetadata' : 'CustomSetting');
  if (type?.declaration?.kind === 'enum') return libraryType('Enum');
  return libraryType(type ? type.base : name);
}
