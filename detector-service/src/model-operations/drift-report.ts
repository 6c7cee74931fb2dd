import type { Queryable } from '../store/database.js';
import { numericShift, stabilityIndex } from './drift.js';

export type DriftName = 'score' | 'abstention' | 'size' | 'pixels' | 'media type';

export interface DriftRow {
  readonly what: DriftName;
  /** The detector whose scores these are; null for the verdict as a whole and for what comes in. */
  readonly detector: string | null;
  /** Null where a window holds too few values to be compared. */
  readonly psi: number | null;
  readonly ks: number | null;
  readonly isShifted: boolean;
}

export interface DriftReport {
  readonly reference: number;
  readonly present: number;
  readonly rows: readonly DriftRow[];
}

export interface DriftBounds {
  /** The present window, and the one before it. */
  readonly days: number;
  readonly referenceDays: number;
  /** A stability index above it is a shift. */
  readonly psi: number;
  /** Values that each window must hold: of a handful the index says nothing. */
  readonly least: number;
}

interface Observation {
  readonly score: number | null;
  /** The highest of each detector that gave one. */
  readonly scores: Readonly<Record<string, number>> | null;
  readonly size_bytes: number;
  readonly pixels: number | null;
  readonly media_type: string;
}

/** Newest verifications read of each window. */
const MOST_ROWS = 20_000;

/**
 * Compares what was judged in the last days with the days before them, over all tenants: scores, by detector too, how often nothing was scored, and what came
 * in. Reads figures only, no media and no names.
 */
export async function reportDrift(database: Queryable, bounds: DriftBounds): Promise<DriftReport> {
  const { days, referenceDays } = bounds;
  const present = await observe(database, 0, days);
  const reference = await observe(database, days, days + referenceDays);
  const isEnough = (...windows: readonly (readonly unknown[])[]): boolean =>
    windows.every(({ length }) => length >= bounds.least);
  const numeric = (
    what: DriftName,
    detector: string | null,
    of: (row: Observation) => number | null | undefined,
  ): DriftRow => {
    const before = reference.flatMap((row) => of(row) ?? []);
    const now = present.flatMap((row) => of(row) ?? []);
    const shift = isEnough(before, now) ? numericShift(before, now) : null;
    const { psi, ks } = shift ?? { psi: null, ks: null };
    return { what, detector, psi, ks, isShifted: psi !== null && psi > bounds.psi };
  };
  const named = (what: DriftName, of: (row: Observation) => string): DriftRow => {
    const [before, now] = [reference.map(of), present.map(of)];
    const psi = isEnough(before, now) ? stabilityIndex(before, now) : null;
    return { what, detector: null, psi, ks: null, isShifted: psi !== null && psi > bounds.psi };
  };
  const detectors = [...reference, ...present].flatMap(({ scores }) => Object.keys(scores ?? {}));
  return {
    reference: reference.length,
    present: present.length,
    rows: [
      numeric('score', null, ({ score }) => score),
      ...[...new Set(detectors)]
        .sort()
        .map((detector) => numeric('score', detector, ({ scores }) => scores?.[detector])),
      named('abstention', ({ score }) => (score === null ? 'abstained' : 'scored')),
      numeric('size', null, (row) => row.size_bytes),
      numeric('pixels', null, ({ pixels }) => pixels),
      named('media type', (row) => row.media_type),
    ],
  };
}

function observe(database: Queryable, from: number, to: number): Promise<readonly Observation[]> {
  return database.query<Observation>(
    `select (outcome ->> 'score')::float8 as score, size_bytes,
       (outcome -> 'media' ->> 'width')::float8 * (outcome -> 'media' ->> 'height')::float8 as pixels,
       outcome -> 'media' ->> 'mediaType' as media_type,
       (select json_object_agg(detector, highest) from (
          select finding ->> 'detector' as detector, max((finding ->> 'score')::float8) as highest
          from json_array_elements(outcome -> 'findings') as finding
          where finding ->> 'score' is not null group by finding ->> 'detector') as said) as scores
     from verification
     where status = 'complete' and size_bytes is not null
       and completed_at > now() - make_interval(days => $2)
       and completed_at <= now() - make_interval(days => $1)
     order by completed_at desc limit $3`,
    [from, to, MOST_ROWS],
  );
}
