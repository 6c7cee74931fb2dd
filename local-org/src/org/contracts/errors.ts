/** How a part of the org refuses: what it does not know, and what the platform forbids. */
/** Salesforce raises it where a construct exists there but not here: name it, with its place, and stop. */
export class UnsupportedError extends Error {
  constructor(construct: string, where: string) {
    super(`${construct} is not supported by the local org (${where})`);
    this.name = 'UnsupportedError';
  }
}

/** A refusal that reaches the caller as an Apex exception or a REST error with the platform's own code. */
export class PlatformError extends Error {
  constructor(
    /** Such as `INSUFFICIENT_ACCESS_OR_READONLY`, `INVALID_FIELD`, `LIMIT_EXCEEDED`. */
    readonly statusCode: string,
    message: string,
    /** Apex exception type it becomes, such as `QueryException`. */
    readonly exceptionType: string = 'UnexpectedException',
    readonly fields: readonly string[] = [],
  ) {
    super(message);
    this.name = 'PlatformError';
  }
}
