import sharp from 'sharp';

import { checkDigit } from '../../src/detectors/identity/formats.js';
import { OCR_B } from '../../src/detectors/identity/ocr-b.js';
import { seededRandom } from '../../src/evaluation/figures/random.js';

/** The specimen holder of ICAO Doc 9303, of the state of Utopia, which does not exist. */
export interface Holder {
  readonly number: string;
  readonly surname: string;
  readonly given: string;
  /** YYMMDD */
  readonly birth: string;
  readonly expiry: string;
  readonly sex: 'F' | 'M' | '<';
  readonly optional?: string;
}

export const SPECIMEN: Holder = {
  number: 'L898902C3',
  surname: 'ERIKSSON',
  given: 'ANNA<MARIA',
  birth: '740812',
  expiry: '320415',
  sex: 'F',
};

export type ZoneName = 'TD1' | 'TD2' | 'TD3' | 'MRV-A' | 'MRV-B';

/** The lines of a zone with right check digits. */
export function zoneLines(name: ZoneName, holder: Holder = SPECIMEN): string[] {
  const { number, surname, given, birth, expiry, sex, optional = '' } = holder;
  const filled = (text: string, width: number): string => text.padEnd(width, '<').slice(0, width);
  const withDigit = (text: string): string => text + checkDigit(text);
  const paper = withDigit(filled(number, 9));
  const born = withDigit(birth);
  const until = withDigit(expiry);
  const names = `${surname}<<${given}`;
  if (name === 'TD1') {
    const upper = `I<UTO${paper}${filled(optional, 15)}`;
    const more = filled('', 11);
    const whole = checkDigit(upper.slice(5) + born + until + more);
    return [upper, `${born}${sex}${until}UTO${more}${whole}`, filled(names, 30)];
  }
  const width = name === 'TD3' || name === 'MRV-A' ? 44 : 36;
  const code = { TD3: 'P<', TD2: 'I<', 'MRV-A': 'V<', 'MRV-B': 'V<' }[name];
  const upper = filled(`${code}UTO${names}`, width);
  const lower = `${paper}UTO${born}${sex}${until}`;
  if (name.startsWith('MRV')) return [upper, filled(lower + optional, width)];
  const rest = name === 'TD3' ? withDigit(filled(optional, 14)) : filled(optional, 7);
  return [upper, lower + rest + checkDigit(paper + born + until + rest)];
}

/** Sizes in pixels of a document drawn at full width. */
const PITCH = { TD1: 36, TD2: 32, TD3: 26, 'MRV-A': 26, 'MRV-B': 32 } as const;

export interface Drawing {
  readonly zone: readonly string[];
  /** Lines of the visual zone, capitals and digits. */
  readonly visual?: readonly string[];
  readonly seed?: number;
  /** Of the whole picture. */
  readonly width?: number;
}

/** An identity document seen straight on: a patterned background, a grey portrait, a visual zone, and the machine-readable zone at its foot. As PNG. */
export function drawnIdentity(
  name: ZoneName,
  { zone, visual = [], seed = 1 }: Drawing,
): Promise<Buffer> {
  const random = seededRandom(seed);
  const pitch = PITCH[name];
  const width = Math.round(pitch * (zone[0]?.length ?? 44) * 1.1);
  const height = Math.round(width * 0.66);
  const waves = Array.from({ length: 26 }, (_, i) => {
    const y = (height * i) / 26;
    const hue = Math.floor(random() * 360);
    const bend = 20 + random() * 60;
    return `<path d="M0 ${y} Q${width / 4} ${y - bend} ${width / 2} ${y} T${width} ${y}" fill="none" stroke="hsl(${hue} 40% 80%)" stroke-width="3"/>`;
  });
  const left = (width - pitch * (zone[0]?.length ?? 44)) / 2;
  const zoneTop = height - pitch * 1.75 * zone.length - pitch * 0.7;
  const printed = zone.map((line, i) =>
    text(line, left, zoneTop + pitch * (1.4 + 1.65 * i), pitch / 0.723, pitch),
  );
  const shown = visual.map((line, i) =>
    text(line, width * 0.36, height * 0.14 + i * 52, 34, 34 * 0.723),
  );
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#f3f1ea"/>${waves.join('')}` +
        `<rect y="${zoneTop}" width="100%" height="${height - zoneTop}" fill="#f6f5f0"/>` +
        `<rect x="${width * 0.04}" y="${height * 0.12}" width="${width * 0.26}" height="${height * 0.5}" fill="#9a8f85"/><ellipse cx="${width * 0.17}" cy="${height * 0.35}" rx="${width * 0.08}" ry="${height * 0.15}" fill="#d9b99b"/>` +
        `<g fill="#1c1a1a">${printed.join('')}${shown.join('')}</g></svg>`,
    ),
  )
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer();
}

function text(line: string, left: number, base: number, em: number, pitch: number): string {
  return [...line]
    .map((letter, i) => {
      const path = OCR_B[letter];
      return path
        ? `<path transform="translate(${left + i * pitch} ${base}) scale(${em / 1000})" d="${path}"/>`
        : '';
    })
    .join('');
}

type Change = (picture: Buffer) => Promise<Buffer>;

/** What happens to a document on its way into a file. All end as a JPEG. */
export const CAPTURES: Readonly<Record<string, Change>> = {
  'straight, JPEG 90': (picture) => saved(picture, 90),
  'straight, JPEG 70': (picture) => saved(picture, 70),
  'straight, JPEG 40': (picture) => saved(picture, 40),
  'turned by 3 degrees': (picture) => turned(picture, 3),
  'turned by -7 degrees': (picture) => turned(picture, -7),
  'turned by 90 degrees': (picture) => turned(picture, 90),
  'upside down': (picture) => turned(picture, 180),
  'slightly out of focus': async (picture) => saved(await sharp(picture).blur(1.6).toBuffer(), 70),
  'out of focus': async (picture) => saved(await sharp(picture).blur(3.2).toBuffer(), 70),
  'half the size': (picture) => shrunk(picture, 0.5),
  'third of the size': (picture) => shrunk(picture, 0.36),
  'from an angle': (picture) => fromAngle(picture, 0.12),
  'from a steep angle': (picture) => fromAngle(picture, 0.22),
  'on a table': (picture) => onTable(picture),
  'noisy and dim': (picture) => noisy(picture),
};

function saved(picture: Buffer, quality = 80): Promise<Buffer> {
  return sharp(picture).flatten({ background: '#fff' }).jpeg({ quality }).toBuffer();
}

async function turned(picture: Buffer, degrees: number): Promise<Buffer> {
  return saved(await sharp(picture).rotate(degrees, { background: '#777' }).png().toBuffer());
}

async function shrunk(picture: Buffer, factor: number): Promise<Buffer> {
  const { width = 1 } = await sharp(picture).metadata();
  return saved(
    await sharp(picture)
      .resize(Math.round(width * factor))
      .toBuffer(),
  );
}

/** The right side farther away than the left one, and leaning. */
async function fromAngle(picture: Buffer, depth: number): Promise<Buffer> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const out = Buffer.alloc(width * height * 3, 0x66);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const far = x / width;
      const size = 1 / (1 + depth * far);
      const fromX = x * (1 + (depth * (far - 1)) / 2) * 1.02;
      const fromY = height / 2 + (y - height / 2 - 0.03 * x) / size / 0.97;
      if (fromX < 0 || fromY < 0 || fromX >= width - 1 || fromY >= height - 1) continue;
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const [fx, fy] = [fromX - left, fromY - top];
      for (let channel = 0; channel < 3; channel += 1) {
        const at = (column: number, row: number): number =>
          data[((top + row) * width + left + column) * channels + channel] ?? 0;
        out[(y * width + x) * 3 + channel] = Math.round(
          (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) +
            (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy,
        );
      }
    }
  }
  return saved(
    await sharp(out, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
}

/** Filling half of a larger picture, with a shadow over it. */
async function onTable(picture: Buffer): Promise<Buffer> {
  const { width = 1, height = 1 } = await sharp(picture).metadata();
  const [wide, high] = [Math.round(width * 1.7), Math.round(height * 1.8)];
  const shadow = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"><defs><linearGradient id="g"><stop offset="0.2" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity="0.45"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`;
  const laid = await sharp(picture).rotate(2, { background: '#6b4f35' }).png().toBuffer();
  const table = await sharp({
    create: { width: wide, height: high, channels: 3, background: '#6b4f35' },
  })
    .composite([
      { input: laid, left: Math.round(width * 0.3), top: Math.round(height * 0.3) },
      { input: Buffer.from(shadow) },
    ])
    .png()
    .toBuffer();
  return saved(table, 75);
}

async function noisy(picture: Buffer): Promise<Buffer> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const random = seededRandom(data.length);
  for (let i = 0; i < data.length; i += 1) {
    const noise = (random() + random() + random() - 1.5) * 40;
    data[i] = Math.min(255, Math.max(0, Math.round((data[i] ?? 0) * 0.45 + 20 + noise)));
  }
  return saved(await sharp(data, { raw: info }).png().toBuffer(), 75);
}

/** Made-up people, by a seed. */
export function madeUpHolder(seed: number): Holder {
  const random = seededRandom(seed);
  const pick = (from: string, count: number): string =>
    Array.from({ length: count }, () => from[Math.floor(random() * from.length)]).join('');
  const two = (from: number, to: number): string =>
    String(from + Math.floor(random() * (to - from + 1))).padStart(2, '0');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return {
    number: pick(`${letters}0123456789`, 2) + pick('0123456789', 7),
    surname: pick(letters, 4 + Math.floor(random() * 7)),
    given: `${pick(letters, 5)}<${pick(letters, 4)}`,
    birth: two(40, 99) + two(1, 12) + two(1, 28),
    expiry: two(27, 36) + two(1, 12) + two(1, 28),
    sex: random() < 0.5 ? 'F' : 'M',
    optional: random() < 0.5 ? pick(`${letters}0123456789`, 6) : '',
  };
}
