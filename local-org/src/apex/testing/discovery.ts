/** Finds the test classes of a project and their methods. */
import type { Program } from '../run/program.js';
import type { ApexClass, ApexMethod } from '../types/model.js';

export interface TestClass {
  readonly declaration: ApexClass;
  readonly setup: readonly ApexMethod[];
  readonly tests: readonly ApexMethod[];
}

function isTest(method: ApexMethod): boolean {
  return (
    method.isStatic &&
    (method.annotation('istest') !== undefined || method.modifiers.words.has('testmethod'))
  );
}

/** Test classes in order of name; throws when a wanted name is no test. */
export function discoverTests(program: Program, names: readonly string[]): TestClass[] {
  const wanted = new Map(names.map((name) => [name.toLowerCase(), name]));
  const found = new Set<string>();
  const classes: TestClass[] = [];
  for (const declaration of program.classes.values()) {
    if (!declaration.isTest) continue;
    const methods = [...declaration.methods.values()].flat();
    const className = declaration.name.toLowerCase();
    const isWanted = (method: ApexMethod): boolean => {
      const key = `${className}.${method.name.toLowerCase()}`;
      if (wanted.has(className)) found.add(className);
      if (wanted.has(key)) found.add(key);
      return wanted.size === 0 || wanted.has(className) || wanted.has(key);
    };
    const tests = methods.filter(isTest).filter(isWanted);
    const setup = methods.filter((m) => m.annotation('testsetup') !== undefined);
    if (tests.length) classes.push({ declaration, setup, tests });
  }
  const unknown = [...wanted].filter(([key]) => !found.has(key)).map(([, name]) => name);
  if (unknown.length) {
    throw new Error(
      `No Apex test is called ${unknown.join(', ')}: give Class or Class.method of a class with @IsTest`,
    );
  }
  return classes.sort((a, b) => a.declaration.name.localeCompare(b.declaration.name));
}
