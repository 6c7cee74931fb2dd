/** Every function of the formula language that this org computes, by its upper-case name. */
import { DATE_FUNCTIONS } from './functions-date.js';
import { LOGIC_FUNCTIONS } from './functions-logic.js';
import { NUMBER_FUNCTIONS } from './functions-number.js';
import { TEXT_FUNCTIONS } from './functions-text.js';
import type { FormulaFunction } from './types.js';

const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map(
  Object.entries({
    ...LOGIC_FUNCTIONS,
    ...TEXT_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...DATE_FUNCTIONS,
  }),
);

export function findFunction(name: string): FormulaFunction | undefined {
  return FUNCTIONS.get(name);
}
