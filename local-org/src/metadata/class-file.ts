/** Reads the names and type descriptors of a JVM class file's fields; nothing else of it (JVM specification, chapter 4). */

export interface ClassField {
  readonly name: string;
  /** JVM descriptor, such as `Lcom/nawforce/runforce/System/Id;` or `[L…/SObjects/Case;`. */
  readonly descriptor: string;
}

/** Constant-pool entries by tag: bytes after the tag; entries 5 and 6 take two slots. */
const ENTRY_SIZE: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

export function readClassFields(bytes: Uint8Array): ClassField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.readUInt32BE(0) !== 0xcafebabe) throw new Error('not a JVM class file');
  const names: (string | undefined)[] = [];
  const entries = buffer.readUInt16BE(8);
  let at = 10;
  for (let index = 1; index < entries; index++) {
    const tag = buffer.readUInt8(at);
    if (tag === 1) {
      const length = buffer.readUInt16BE(at + 1);
      names[index] = buffer.toString('utf8', at + 3, at + 3 + length);
      at += 3 + length;
      continue;
    }
    const size = ENTRY_SIZE[tag];
    if (size === undefined) throw new Error(`unknown constant-pool tag ${tag} in a class file`);
    at += 1 + size;
    if (tag === 5 || tag === 6) index++;
  }
  at += 6; // access flags, this class, super class
  at += 2 + 2 * buffer.readUInt16BE(at); // interfaces
  let remaining = buffer.readUInt16BE(at);
  at += 2;
  const fields: ClassField[] = [];
  while (remaining-- > 0) {
    const name = names[buffer.readUInt16BE(at + 2)];
    const descriptor = names[buffer.readUInt16BE(at + 4)];
    if (name !== undefined && descriptor !== undefined) fields.push({ name, descriptor });
    let attributes = buffer.readUInt16BE(at + 6);
    at += 8;
    while (attributes-- > 0) at += 6 + buffer.readUInt32BE(at + 2);
  }
  return fields;
}
