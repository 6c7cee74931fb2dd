/** `Prefer` (RFC 7240): how long a caller wants to wait for the result. */

export interface Preference {
  /** Milliseconds to wait before answering 202. */
  readonly waitMs: number;
  /** What was honoured, for `Preference-Applied`; undefined when nothing was asked. */
  readonly applied?: string;
}

const MAX_WAIT_SECONDS = 10;

/** `respond-async` alone means at once; together with `wait` it means after that time. More than 10 s is cut to 10. */
export function readPreference(header: string | undefined, defaultWaitSeconds: number): Preference {
  const preferences = new Map(
    (header ?? '').split(/[,;]/).map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const wait = preferences.get('wait');
  if (wait !== undefined && /^\d{1,9}$/.test(wait)) {
    const seconds = Math.min(Number(wait), MAX_WAIT_SECONDS);
    return { waitMs: seconds * 1000, applied: `wait=${seconds}` };
  }
  if (preferences.has('respond-async')) return { waitMs: 0, applied: 'respond-async' };
  return { waitMs: defaultWaitSeconds * 1000 };
}
