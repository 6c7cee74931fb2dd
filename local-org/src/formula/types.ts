/** Values inside a formula, and what a formula can ask of its surroundings. */
import { Decimal, ApexDate, ApexDatetime, ApexTime } from '../values/values.js';
import type { FormulaNode } from './parser.js';

/** The value of a picklist field; only a few functions take one, as on the platform. */
export class PicklistText {
  constructor(readonly value: string | null) {}
}

export type FormulaValue =
  null | boolean | Decimal | string | ApexDate | ApexDatetime | ApexTime | PicklistText;

/** The record, variables and globals one evaluation sees. */
export interface FormulaScope {
  /** The value behind a path; throws an error that names the path when there is none. */
  resolve(path: readonly string[]): FormulaValue;
  /** The value before the save, for PRIORVALUE and ISCHANGED; null when this evaluation has no earlier image. */
  readonly prior: ((path: readonly string[]) => FormulaValue) | null;
  /** True while the record is being created; null where ISNEW has no meaning. */
  readonly isNew: boolean | null;
  /** Epoch milliseconds. */
  now(): number;
  /** IANA time zone of the running user. */
  readonly timeZone: string;
  /** `Treat blank fields as zeroes` of a formula field. */
  readonly blanksAreZero: boolean;
}

/** What a function sees: its arguments unevaluated, so that IF and CASE compute only what they need. */
export interface CallContext {
  readonly scope: FormulaScope;
  readonly args: readonly FormulaNode[];
  evaluate(node: FormulaNode): FormulaValue;
  /** The value of an argument as a type; throws with the place when it is of another. Blank stays null. */
  text(index: number): string | null;
  number(index: number): Decimal | null;
  boolean(index: number): boolean;
  date(index: number): ApexDate | null;
  datetime(index: number): ApexDatetime | null;
  any(index: number): FormulaValue;
  /** The path of an argument that must be a field. */
  path(index: number): readonly string[];
  readonly fail: (problem: string) => Error;
}

export interface FormulaFunction {
  readonly minimum: number;
  /** Infinity when there is no greatest number. */
  readonly maximum: number;
  readonly call: (context: CallContext) => FormulaValue;
}

export type FunctionTable = Readonly<Record<string, FormulaFunction>>;

export function define(
  minimum: number,
  maximum: number,
  call: (context: CallContext) => FormulaValue,
): FormulaFunction {
  return { minimum, maximum, call };
}

export function isBlank(value: FormulaValue): boolean {
  if (value instanceof PicklistText) return value.value === null || value.value === '';
  return value === null || value === '';
}

export function typeName(value: FormulaValue): string {
  if (value === null) return 'blank';
  if (typeof value === 'string') return 'Text';
  if (typeof value === 'boolean') return 'Boolean';
  if (value instanceof Decimal) return 'Number';
  if (value instanceof ApexDate) return 'Date';
  if (value instanceof ApexDatetime) return 'DateTime';
  if (value instanceof ApexTime) return 'Time';
  return 'Picklist';
}
