/** Failures inside flows: those a fault path may catch, and those nothing may. */
import { DmlFailure, PlatformError, UnsupportedError } from '../org/contracts.js';

/** A failing element: says which flow, element and line, and keeps the cause. */
export class FlowFault extends Error {
  private constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'FlowFault';
  }

  /** @param what flow and element, or flow and resource */
  static at(error: unknown, what: string, place: string): Error {
    if (!isCatchable(error)) return error as Error;
    if (error instanceof FlowFault) return error;
    return new FlowFault(`${what} (${place}): ${messageOf(error)}`, error);
  }
}

/** A limit that is passed or a construct that is missing ends the whole transaction, fault path or not. */
export function isCatchable(error: unknown): boolean {
  if (error instanceof UnsupportedError) return false;
  if (error instanceof PlatformError) return error.exceptionType !== 'LimitException';
  return !(error instanceof Error && error.name === 'ApexLimitError');
}

/** What `$Flow.FaultMessage` says of a failure. */
export function messageOf(error: unknown): string {
  if (error instanceof FlowFault && error.cause instanceof DmlFailure)
    return messageOf(error.cause);
  if (error instanceof DmlFailure) {
    return error.failures
      .flatMap(({ errors }) => errors.map(({ statusCode, message }) => `${statusCode}: ${message}`))
      .join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
