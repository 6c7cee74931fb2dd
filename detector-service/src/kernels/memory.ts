import { KERNELS } from './binary.js';

/** Functions of `kernels/index.ts`; addresses are bytes into their memory. */
export interface Kernels {
  blur(
    from: number,
    to: number,
    width: number,
    height: number,
    weights: number,
    radius: number,
    room: number,
  ): void;
  cornerStrength(
    from: number,
    to: number,
    width: number,
    height: number,
    radius: number,
    room: number,
  ): void;
  cut(
    from: number,
    width: number,
    height: number,
    x: number,
    y: number,
    cos: number,
    sin: number,
    to: number,
    outWidth: number,
    outHeight: number,
  ): void;
  describe(
    plane: number,
    width: number,
    height: number,
    points: number,
    count: number,
    flip: number,
    values: number,
    sketches: number,
  ): void;
  difference(a: number, b: number, to: number, count: number): void;
  directions(plane: number, width: number, points: number, count: number, to: number): void;
  findMatches(
    values: number,
    sketches: number,
    places: number,
    count: number,
    otherValues: number,
    otherSketches: number,
    otherPlaces: number,
    others: number,
    room: number,
    to: number,
  ): void;
  findOwnMatches(
    values: number,
    sketches: number,
    places: number,
    count: number,
    room: number,
    to: number,
  ): void;
  luma(rgb: number, to: number, count: number): void;
  markInk(from: number, to: number, width: number, height: number, room: number): void;
  means(
    from: number,
    width: number,
    height: number,
    centreX: number,
    centreY: number,
    halfWidth: number,
    halfHeight: number,
    side: number,
    across: number,
    down: number,
    to: number,
  ): void;
  peaks(
    plane: number,
    width: number,
    height: number,
    edge: number,
    least: number,
    to: number,
  ): number;
  reduce(
    from: number,
    width: number,
    height: number,
    factor: number,
    to: number,
    outWidth: number,
    outHeight: number,
  ): void;
  smooth(from: number, to: number, width: number, height: number, room: number): void;
  stripes(
    from: number,
    to: number,
    width: number,
    height: number,
    radius: number,
    room: number,
  ): void;
}

/** An array that lies in the kernels' memory, from {@link Memory} of the same piece of work. */
export type Stored = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

interface Instance extends Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
}

const PAGE = 65_536;
/** Every array begins at a multiple of this, so that vectors lie within lines of the cache. */
const ALIGNMENT = 64;

let instance: Instance | null = null;
let isTaken = false;

/**
 * Memory that the kernels work on, lent for one piece of work. What is taken from it is not cleared, belongs to that work alone and means nothing after it:
 * results are copied out.
 */
export class Memory {
  private next: number;

  constructor(
    readonly kernels: Kernels,
    private readonly buffer: ArrayBuffer,
    start: number,
  ) {
    this.next = start;
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.take(length), length);
  }

  indices(length: number): Uint32Array {
    return new Uint32Array(this.buffer, this.take(4 * length), length);
  }

  integers(length: number): Int32Array {
    return new Int32Array(this.buffer, this.take(4 * length), length);
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.buffer, this.take(4 * length), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.buffer, this.take(8 * length), length);
  }

  /** Does some work and takes back what it took. */
  borrow<T>(work: () => T): T {
    const { next } = this;
    const result = work();
    this.next = next;
    return result;
  }

  /** @throws RangeError where more is taken than was asked for */
  private take(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    if (this.next > this.buffer.byteLength) {
      throw new RangeError(
        `Expected at most ${this.buffer.byteLength} bytes to be taken from the kernels' memory but ${this.next} were; ask withMemory for more.`,
      );
    }
    return at;
  }
}

/**
 * Runs work on the kernels' memory. Work does not wait for anything, and pieces of it do not nest: growing the memory for the inner one would void the arrays of
 * the outer one.
 *
 * @param bytes that it will take at most
 */
export function withMemory<T>(bytes: number, work: (memory: Memory) => T): T {
  if (isTaken) {
    throw new Error("Expected the kernels' memory to be free but other work holds it; pass it on.");
  }
  instance ??= load();
  const start = Math.ceil(instance.heapBase() / ALIGNMENT) * ALIGNMENT;
  const missing = start + bytes + ALIGNMENT - instance.memory.buffer.byteLength;
  if (missing > 0) instance.memory.grow(Math.ceil(missing / PAGE));
  isTaken = true;
  try {
    return work(new Memory(instance, instance.memory.buffer, start));
  } finally {
    isTaken = false;
  }
}

function load(): Instance {
  const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
  return new WebAssembly.Instance(module).exports as Instance;
}
