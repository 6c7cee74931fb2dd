/** The few CBOR values (RFC 8949) that a COSE signature is made of. */
export type CborValue =
  null | number | string | Uint8Array | readonly CborValue[] | ReadonlyMap<CborValue, CborValue>;

export function encodeCbor(value: CborValue): Buffer {
  if (value === null) return Buffer.from([0xf6]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (isMap(value)) {
    const pairs = [...value].flatMap(([key, inner]) => [encodeCbor(key), encodeCbor(inner)]);
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
}

function isMap(
  value: readonly CborValue[] | ReadonlyMap<CborValue, CborValue>,
): value is ReadonlyMap<CborValue, CborValue> {
  return value instanceof Map;
}

/** A tagged value. */
export function encodeTag(tag: number, value: CborValue): Buffer {
  return Buffer.concat([head(6, tag), encodeCbor(value)]);
}

function head(major: number, count: number): Buffer {
  const type = major << 5;
  if (count < 24) return Buffer.from([type | count]);
  if (count < 0x100) return Buffer.from([type | 24, count]);
  if (count < 0x10000) return Buffer.from([type | 25, count >> 8, count & 0xff]);
  const long = Buffer.alloc(5);
  long[0] = type | 26;
  long.writeUInt32BE(count, 1);
  return long;
}
