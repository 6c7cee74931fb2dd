import { ApexList, ApexObject, ApexSet, NativeObject, type Value } from '../values/reference.js';
import { invokeDynamic } from './dynamic.js';
import { throwApex, throwNullPointer } from './exceptions.js';

/** Natives that hand out their items directly. */
export interface NativeIterable {
  iterateItems(): Iterable<Value>;
}

function isNativeIterable(value: NativeObject): value is NativeObject & NativeIterable {
  return 'iterateItems' in value && typeof value.iterateItems === 'function';
}

/** The items of a list, a set, or of an object with `iterator()`. */
export function* iterate(source: Value): Generator<Value> {
  if (source === null) throwNullPointer();
  if (source instanceof ApexList) {
    for (let i = 0; i < source.items.length; i++) yield source.items[i] ?? null;
  } else if (source instanceof ApexSet) {
    yield* source.items;
  } else if (source instanceof NativeObject && isNativeIterable(source)) {
    yield* source.iterateItems();
  } else if (source instanceof ApexObject) {
    const iterator = invokeDynamic(source, 'iterator', []);
    if (iterator instanceof NativeObject && isNativeIterable(iterator))
      yield* iterator.iterateItems();
    else
      while (invokeDynamic(iterator, 'hasNext', []) === true)
        yield invokeDynamic(iterator, 'next', []);
  } else {
    throwApex('TypeException', 'Loop must iterate over a collection');
  }
}
