/** `Assert` and the `System.assert…` methods. */
import { ApexThrow, newException } from '../run/exceptions.js';
import { isInstance } from '../values/coerce.js';
import { looseEqual, valueEqual } from '../values/equality.js';
import type { Value } from '../values/reference.js';
import { toText } from '../values/text.js';
import type { Call } from './call.js';
import { defineType } from './registry.js';

function failed(reason: string, c: Call, message: number): never {
  const given = c.has(message) ? `: ${toText(c.value(message))}` : '';
  throw new ApexThrow(newException('AssertException', `Assertion Failed${given}${reason}`));
}

/** Texts are compared with their case, as assertions do. */
function equal(a: Value, b: Value): boolean {
  return typeof a === 'string' && typeof b === 'string'
    ? a === b
    : looseEqual(a, b) || valueEqual(a, b);
}

export function assertEquals(c: Call): null {
  if (equal(c.value(0), c.value(1))) return null;
  return failed(`: Expected: ${toText(c.value(0))}, Actual: ${toText(c.value(1))}`, c, 2);
}

export function assertNotEquals(c: Call): null {
  if (!equal(c.value(0), c.value(1))) return null;
  return failed(`: Same value: ${toText(c.value(0))}`, c, 2);
}

export function assertTrue(c: Call): null {
  return c.value(0) === true
    ? null
    : failed(c.has(1) ? '' : ': Expected: true, Actual: false', c, 1);
}

defineType({
  name: 'Assert',
  statics: {
    'void areEqual(Object expected, Object actual, Object message?)': assertEquals,
    'void areNotEqual(Object unexpected, Object actual, Object message?)': assertNotEquals,
    'void isTrue(Boolean value, Object message?)': assertTrue,
    'void isFalse(Boolean value, Object message?)': (c) =>
      c.value(0) === false ? null : failed(c.has(1) ? '' : ': Expected: false, Actual: true', c, 1),
    'void isNull(Object value, Object message?)': (c) =>
      c.value(0) === null ? null : failed(`: Expected: null, Actual: ${toText(c.value(0))}`, c, 1),
    'void isNotNull(Object value, Object message?)': (c) =>
      c.value(0) !== null ? null : failed(': Value is null', c, 1),
    'void isInstanceOfType(Object value, Type expected, Object message?)': (c) =>
      isInstance(c.value(0), c.type(1).subject)
        ? null
        : failed(`: Expected type: ${c.type(1).subject.name}`, c, 2),
    'void isNotInstanceOfType(Object value, Type unexpected, Object message?)': (c) =>
      isInstance(c.value(0), c.type(1).subject)
        ? failed(`: Unexpected type: ${c.type(1).subject.name}`, c, 2)
        : null,
    'void fail(Object message?)': (c) => failed('', c, 0),
  },
});
