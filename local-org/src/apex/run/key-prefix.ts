import { Session } from './session.js';
import { throwApex } from './exceptions.js';

const prefixes = new WeakMap<object, Map<string, string>>();

/** API name of the object an id belongs to. */
export function objectOfId(id: string): string {
  const { schema } = Session.current.ports;
  let known = prefixes.get(schema);
  if (!known) {
    known = new Map();
    for (const object of schema.objects())
      if (object.keyPrefix) known.set(object.keyPrefix, object.name);
    prefixes.set(schema, known);
  }
  const name = known.get(id.slice(0, 3));
  return name ?? throwApex('SObjectException', `Unable to find the object of id ${id}`);
}
