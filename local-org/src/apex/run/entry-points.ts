/** How the outside calls into compiled Apex: by what kind of method, and under which sharing. */
import type { ApexClass, ApexMethod } from '../types/model.js';
import type { Program } from './program.js';

function* methodsOf(cls: ApexClass): Generator<ApexMethod> {
  for (const overloads of cls.methods.values()) yield* overloads;
}

export function annotatedMethod(cls: ApexClass, annotation: string): ApexMethod | null {
  for (const method of methodsOf(cls)) if (method.annotation(annotation)) return method;
  return null;
}

/** The `@AuraEnabled` static method of that name. */
export function auraMethod(program: Program, className: string, name: string): ApexMethod | null {
  const methods = program.find(className)?.methods.get(name.toLowerCase()) ?? [];
  return methods.find((m) => m.isStatic && m.annotation('auraenabled')) ?? null;
}

/** The class whose `@RestResource` mapping answers a path; an exact mapping beats one with a `*`. */
export function restClass(program: Program, path: string): ApexClass | null {
  let best: { cls: ApexClass; length: number } | null = null;
  for (const cls of program.allClasses()) {
    const mark = cls.modifiers.annotations.find((a) => a.name === 'restresource');
    const mapping = mark?.parameters.get('urlmapping');
    if (mapping === undefined) continue;
    const prefix = mapping.endsWith('*') ? mapping.slice(0, -1) : null;
    const matches =
      prefix === null ? path === mapping : path.startsWith(prefix) || `${path}/` === prefix;
    const length = prefix === null ? Infinity : prefix.length;
    if (matches && (!best || length > best.length)) best = { cls, length };
  }
  return best?.cls ?? null;
}

/** Classes that implement a platform interface, in order of their names. */
export function implementations(program: Program, interfaceName: string): ApexClass[] {
  const lower = interfaceName.toLowerCase();
  return [...program.allClasses()]
    .filter((cls) => !cls.isAbstract && cls.allInterfaces().some((i) => i.base === lower))
    .sort((a, b) => a.name.localeCompare(b.name));
}
