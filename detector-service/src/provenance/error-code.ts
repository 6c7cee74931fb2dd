/** The code of a system error (`ENOENT`, `ECONNREFUSED`), or undefined where the value has none. */
export function errorCode(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
