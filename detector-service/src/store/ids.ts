import { randomBytes } from 'node:crypto';

/** A new id: a prefix that says what it names and 128 random bits in lower-case hex. */
export function newId(prefix: 'ver' | 'key' | 'att' | 'rel' | 'req' | 'known'): string {
  return `${prefix}_${randomBytes(16).toString('hex')}`;
}
