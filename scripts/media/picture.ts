import sharp from 'sharp';

/** A picture of the size and texture of an everyday photo, the same bytes each time: sky, hills, a lake, film-like grain. */
export async function makePixels(
  width = 640,
  height = 480,
  seed = 1,
): Promise<{ data: Buffer; width: number; height: number }> {
  const random = randomNumbers(seed);
  const ridge = ridges(width, random);
  const texture = valueNoise(random);
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt(x / width, y / height, ridge[x] as number, texture, x, y);
      const grain = (random() + random() - 1) * 20;
      const at = (y * width + x) * 3;
      data[at] = clamp(colour[0] + grain);
      data[at + 1] = clamp(colour[1] + grain * 0.9);
      data[at + 2] = clamp(colour[2] + grain * 1.1);
    }
  }
  // A slight blur correlates the grain of neighbours, as a lens and a demosaicing sensor do.
  const soft = await sharp(data, { raw: { width, height, channels: 3 } })
    .blur(0.6)
    .raw()
    .toBuffer();
  return { data: soft, width, height };
}

type Colour = readonly [number, number, number];
type Noise = (x: number, y: number) => number;

function colourAt(
  u: number,
  v: number,
  ridge: number,
  texture: Noise,
  x: number,
  y: number,
): Colour {
  const detail =
    texture(x / 90, y / 90) * 0.6 + texture(x / 23, y / 23) * 0.3 + texture(x / 6, y / 6) * 0.25;
  const vignette = 1 - 0.25 * ((u - 0.5) ** 2 + (v - 0.5) ** 2);
  const shade = (colour: Colour, depth: number): Colour => [
    (colour[0] + detail * depth) * vignette,
    (colour[1] + detail * depth) * vignette,
    (colour[2] + detail * depth * 0.8) * vignette,
  ];
  if (v < ridge) return shade([150 + 60 * v, 180 + 40 * v, 225 - 20 * v], 22);
  if (v < 0.72) return shade([70 + 40 * (v - ridge), 92 + 30 * u, 58], 90);
  return shade([72, 104 - 30 * (v - 0.72), 124 - 20 * u], 60);
}

/** Height of the hills at each column, 0..1 from the top. */
function ridges(width: number, random: () => number): number[] {
  const waves = Array.from({ length: 7 }, (_, i) => ({
    pace: (i + 1) * (3 + random() * 2),
    phase: random() * 6.28,
    reach: 0.09 / (i + 1),
  }));
  return Array.from({ length: width }, (_, x) =>
    waves.reduce(
      (sum, { pace, phase, reach }) => sum + Math.sin((x / width) * pace + phase) * reach,
      0.42,
    ),
  );
}

/** Smooth noise, -1..1, over a lattice of 256 x 256 random values. */
function valueNoise(random: () => number): Noise {
  const lattice = Float32Array.from({ length: 65536 }, () => random() * 2 - 1);
  const at = (x: number, y: number): number => lattice[((y & 255) << 8) | (x & 255)] as number;
  const ease = (t: number): number => t * t * (3 - 2 * t);
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const across = ease(x - left);
    const down = ease(y - top);
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * across;
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * across;
    return upper + (lower - upper) * down;
  };
}

/** Mulberry32: a small generator whose sequence is the same on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}
