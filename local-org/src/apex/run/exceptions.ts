/** Apex exceptions: their values, the platform's own types, and how errors of other parts become them. */
import {
  DmlFailure,
  PlatformError,
  UnsupportedError,
  type DmlOperation,
} from '../../org/contracts.js';
import type { RecordError } from '../../values/values.js';
import { ApexClass, NO_MODIFIERS } from '../types/model.js';
import { ApexObject } from '../values/reference.js';

/** One refused row of a DmlException. */
export interface DmlRow {
  readonly index: number;
  readonly id: string | null;
  readonly errors: readonly RecordError[];
}

/** An instance of `Exception` or of a class that extends it. */
export class ExceptionValue extends ApexObject {
  message: string | null = null;
  cause: ExceptionValue | null = null;
  /** Innermost call first, as `getStackTraceString` prints it. */
  trace: readonly string[] = [];
  line = 0;
  dmlRows: readonly DmlRow[] = [];

  /** Platform types carry their namespace, those of the project do not. */
  get typeName(): string {
    return BUILT_IN.has(this.declaration.name.toLowerCase())
      ? qualifiedName(this.declaration.name)
      : this.declaration.name;
  }
}

/** Carries an Apex exception through JavaScript. */
export class ApexThrow extends Error {
  constructor(readonly value: ExceptionValue) {
    super(`${value.typeName}: ${value.message ?? 'Script-thrown exception'}`);
    this.name = 'ApexThrow';
  }
}

/** A governor limit was passed; Apex code cannot catch it. */
export class ApexLimitError extends Error {
  /** Where it happened, innermost call first. */
  trace: readonly string[] = [];

  constructor(message: string) {
    super(`System.LimitException: ${message}`);
    this.name = 'ApexLimitError';
  }
}

const BUILT_IN_NAMES = [
  'AsyncException',
  'AuraHandledException',
  'CalloutException',
  'DmlException',
  'EmailException',
  'FinalException',
  'HandledException',
  'IllegalArgumentException',
  'InvalidParameterValueException',
  'JSONException',
  'LimitException',
  'ListException',
  'MathException',
  'NoAccessException',
  'NoDataFoundException',
  'NoSuchElementException',
  'NullPointerException',
  'QueryException',
  'RequiredFeatureMissingException',
  'SObjectException',
  'SearchException',
  'SecurityException',
  'SerializationException',
  'StringException',
  'TypeException',
  'UnexpectedException',
  'VisualforceException',
  'XmlException',
  'AssertException',
  'EventBus.RetryableException',
  'EventBus.InvalidReplayIdException',
  'ConnectApi.ConnectApiException',
  'ConnectApi.NotFoundException',
  'InvalidHeaderException',
  'TouchHandledException',
  'UnsupportedOperationException',
] as const;

function builtInClass(name: string, superclass: ApexClass | null): ApexClass {
  const cls = new ApexClass(name, 'class', null, NO_MODIFIERS, 'System', 0);
  cls.superclass = superclass;
  return cls;
}

export const EXCEPTION = builtInClass('Exception', null);

const BUILT_IN = new Map<string, ApexClass>([
  ['exception', EXCEPTION],
  ...BUILT_IN_NAMES.map((name): [string, ApexClass] => [
    name.toLowerCase(),
    builtInClass(name, EXCEPTION),
  ]),
]);

/** The platform's exception class of that name, with or without `System.`. */
export function builtInException(name: string): ApexClass | undefined {
  return BUILT_IN.get(name.toLowerCase().replace(/^system\./, ''));
}

function qualifiedName(name: string): string {
  return name.includes('.') ? name : `System.${name}`;
}

/** Tells the place of the running code; the session sets it (see `session.ts`). */
let currentTrace: () => { trace: readonly string[]; line: number } = () => ({ trace: [], line: 0 });

export function useTrace(trace: () => { trace: readonly string[]; line: number }): void {
  currentTrace = trace;
}

/** Fills in where the exception was made. */
export function stamp(value: ExceptionValue): ExceptionValue {
  const place = currentTrace();
  value.trace = place.trace;
  value.line = place.line;
  return value;
}

export function newException(typeName: string, message: string): ExceptionValue {
  const cls = builtInException(typeName) ?? builtInException('UnexpectedException') ?? EXCEPTION;
  const value = stamp(new ExceptionValue(cls));
  value.message = message;
  return value;
}

/** Throws one of the platform's exceptions. */
export function throwApex(typeName: string, message: string): never {
  throw new ApexThrow(newException(typeName, message));
}

export function throwNullPointer(): never {
  throwApex('NullPointerException', 'Attempt to de-reference a null object');
}

/** The Apex exception a JavaScript error stands for; null when Apex code cannot catch it. */
export function asApexException(error: unknown): ExceptionValue | null {
  if (error instanceof ApexThrow) return error.value;
  if (error instanceof DmlFailure)
    return dmlException(error.operation, error.failures, error.message);
  if (error instanceof PlatformError) {
    if (error.exceptionType === 'LimitException') return null;
    const cls = builtInException(error.exceptionType) ? error.exceptionType : 'UnexpectedException';
    return newException(cls, error.message);
  }
  return null;
}

function dmlException(
  _operation: DmlOperation,
  failures: readonly DmlRow[],
  message: string,
): ExceptionValue {
  const value = newException('DmlException', message);
  value.dmlRows = failures;
  return value;
}

/** True for errors that must pass through Apex `catch` blocks untouched. */
export function isUncatchable(error: unknown): boolean {
  return (
    error instanceof ApexLimitError ||
    error instanceof UnsupportedError ||
    (error instanceof PlatformError && error.exceptionType === 'LimitException') ||
    // A failed assertion ends the test, whatever the code around it catches.
    (error instanceof ApexThrow && error.value.typeName === 'System.AssertException')
  );
}
