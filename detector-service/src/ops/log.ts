/**
 * Structured logs: one JSON object a line on stderr, each with a stable `event`. File names, media bytes, keys, tokens and
 * addresses with credentials never go in; a verification is named by its id alone.
 */
import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: { service: 'mediaguard' },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** An error's name, message and stack for a log line; causes are followed. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const cause = error.cause === undefined ? {} : { cause: errorFields(error.cause) };
  return { error: error.message, errorName: error.name, stack: error.stack, ...cause };
}
