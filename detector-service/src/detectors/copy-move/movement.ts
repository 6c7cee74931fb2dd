import type { Match } from './matches.js';

/** A similarity of the plane as complex numbers: q = a p + b, or q = a conj(p) + b where it mirrors. */
export interface Movement {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
  readonly isMirrored: boolean;
}

/** A movement and the matches that follow it. */
export interface Movers {
  readonly movement: Movement;
  readonly matches: readonly Match[];
}

/** Matches that must agree before anything is looked at more closely. */
const LEAST_MATCHES = 4;
/** Hypotheses tried; each is one match. */
const TRIED = 300;
/** Pixels off the prediction of a single match, and of a fitted movement. */
const LOOSE = 8;
const CLOSE = 2.5;
/** Scales beyond these are no copies that anyone would see as such. */
const MOST_SCALE = 2.2;

export function moved({ a, b, isMirrored }: Movement, x: number, y: number): [number, number] {
  const v = isMirrored ? -y : y;
  return [a[0] * x - a[1] * v + b[0], a[0] * v + a[1] * x + b[1]];
}

/**
 * Movements that several matches share, the most popular first. Each match proposes the movement that its two places, scales and directions imply; the
 * proposal with most followers is fitted to them, they are taken out, and the rest is asked again.
 */
export function sharedMovements(
  matches: readonly Match[],
  isMirrored: boolean,
  count: number,
): Movers[] {
  const found: Movers[] = [];
  let rest = matches;
  while (found.length < count && rest.length >= LEAST_MATCHES) {
    const movers = mostShared(rest, isMirrored);
    if (!movers) break;
    found.push(movers);
    const gone = new Set(movers.matches);
    rest = rest.filter((match) => !gone.has(match));
  }
  return found;
}

function mostShared(matches: readonly Match[], isMirrored: boolean): Movers | null {
  const step = Math.max(1, Math.floor(matches.length / TRIED));
  let best: readonly Match[] = [];
  for (let i = 0; i < matches.length; i += step) {
    const proposal = implied(matches[i] as Match, isMirrored);
    const followers = proposal ? following(proposal, matches, LOOSE) : [];
    if (followers.length > best.length) best = followers;
  }
  if (best.length < LEAST_MATCHES) return null;
  let fitted = fit(best, isMirrored);
  for (const reach of [LOOSE / 2, CLOSE, CLOSE]) {
    const followers = following(fitted, matches, reach);
    if (distinctPlaces(followers) < LEAST_MATCHES) return null;
    best = followers;
    fitted = fit(best, isMirrored);
  }
  return isPlausible(fitted) ? { movement: fitted, matches: best } : null;
}

function implied({ from, to }: Match, isMirrored: boolean): Movement | null {
  const scale = to.scale / from.scale;
  const turn = to.angle - from.angle + (isMirrored ? Math.PI : 0);
  const a: [number, number] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const y = isMirrored ? -from.y : from.y;
  const b: [number, number] = [
    to.x - (a[0] * from.x - a[1] * y),
    to.y - (a[0] * y + a[1] * from.x),
  ];
  const movement = { a, b, isMirrored };
  return isPlausible(movement) ? movement : null;
}

function isPlausible({ a }: Movement): boolean {
  const scale = Math.hypot(a[0], a[1]);
  return scale < MOST_SCALE && scale > 1 / MOST_SCALE;
}

function following(movement: Movement, matches: readonly Match[], reach: number): Match[] {
  return matches.filter(({ from, to }) => {
    const [x, y] = moved(movement, from.x, from.y);
    return Math.hypot(x - to.x, y - to.y) <= reach;
  });
}

/** The same corner found at several scales is one place. */
function distinctPlaces(matches: readonly Match[]): number {
  return new Set(matches.map(({ from }) => `${Math.round(from.x / 5)},${Math.round(from.y / 5)}`))
    .size;
}

/** Least squares over complex numbers. */
function fit(matches: readonly Match[], isMirrored: boolean): Movement {
  const count = matches.length;
  const flip = isMirrored ? -1 : 1;
  const mean = [0, 0, 0, 0];
  for (const { from, to } of matches) {
    [from.x, flip * from.y, to.x, to.y].forEach((value, i) => {
      mean[i] = (mean[i] as number) + value / count;
    });
  }
  const [px = 0, py = 0, qx = 0, qy = 0] = mean;
  let real = 0;
  let imaginary = 0;
  let spread = 1e-9;
  for (const { from, to } of matches) {
    const ux = from.x - px;
    const uy = flip * from.y - py;
    const vx = to.x - qx;
    const vy = to.y - qy;
    real += ux * vx + uy * vy;
    imaginary += ux * vy - uy * vx;
    spread += ux * ux + uy * uy;
  }
  const a: [number, number] = [real / spread, imaginary / spread];
  return { a, b: [qx - (a[0] * px - a[1] * py), qy - (a[0] * py + a[1] * px)], isMirrored };
}
