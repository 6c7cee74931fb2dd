import type { Json } from '../org/contracts.js';
import { ApiError } from './api-error.js';

/** Replaces `@{reference.path}` by values of earlier answers of a composite request. */
export function resolveReferences(value: unknown, answers: ReadonlyMap<string, Json>): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}]+)\}/g, (_, path: string) => {
      const [reference = '', ...steps] = path.replace(/\[(\d+)\]/g, '.$1').split('.');
      const start: unknown = answers.get(reference);
      const found = steps.reduce<unknown>(
        (current, step) => (current as Record<string, unknown> | null | undefined)?.[step],
        start,
      );
      if (found === undefined || found === null) {
        throw new ApiError(
          400,
          'PROCESSING_HALTED',
          `Invalid reference specified. No value for ${path} found.`,
        );
      }
      return typeof found === 'string' ? found : JSON.stringify(found);
    });
  }
  if (Array.isArray(value)) return value.map((entry) => resolveReferences(entry, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, resolveReferences(entry, answers)]),
  );
}
