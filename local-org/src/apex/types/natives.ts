/** Platform interfaces that platform classes implement, by lower-case name. */
const IMPLEMENTED = new Map<string, readonly string[]>([
  ['database.querylocatoriterator', ['iterator']],
  ['listiterator', ['iterator']],
]);

/** True when an instance of a native class may stand for a platform type. */
export function nativeImplements(native: string, target: string): boolean {
  const name = native.toLowerCase();
  return name === target || (IMPLEMENTED.get(name)?.includes(target) ?? false);
}
