import { SObjectRecord, type FieldValue } from '../../values/values.js';
import { runtimeType } from '../values/coerce.js';
import { ApexList, ApexMap, ApexReference, ApexSet, type Value } from '../values/reference.js';
import { throwApex } from './exceptions.js';

/** A bind variable's value as a query takes it: a field value or a list of them. Records stand for their ids. */
export function bindValue(value: Value): FieldValue | readonly FieldValue[] {
  if (value instanceof ApexList || value instanceof ApexSet) return value.items.map(single);
  if (value instanceof ApexMap) return value.table.entries().map((entry) => single(entry.key));
  return single(value);
}

function single(value: Value): FieldValue {
  if (value instanceof SObjectRecord) return value.id;
  if (value instanceof ApexReference) {
    throwApex('QueryException', `Invalid bind expression type of ${runtimeType(value)}`);
  }
  return value;
}
