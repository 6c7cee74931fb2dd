import type { Queryable } from '../store/database.js';
import { numericShift, SHIFTED_PSI, stabilityIndex } from './drift.js';

export interface DriftRow {
  readonly what: 'score' | 'size' | 'media type' | 'abstention';
  readonly psi: number | null;
  readonly ks: number | null;
  readonly isShifted: boolean;
}

export interface DriftReport {
  readonly reference: number;
  readonly present: number;
  readonly rows: readonly DriftRow[];
}

interface Observation {
  score: number | null;
  size_bytes: number;
  media_type: string;
}

/** Newest verifications read of each window. */
const MOST_ROWS = 20_000;

/**
 * Compares what was judged in the last `days` with the `referenceDays` before them, over all tenants: scores, sizes, media types and how often nothing was
 * scored. Reads figures only, no media and no names.
 */
export async function reportDrift(
  database: Queryable,
  { days, referenceDays }: { readonly days: number; readonly referenceDays: number },
): Promise<DriftReport> {
  const present = await observe(database, 0, days);
  const reference = await observe(database, days, days + referenceDays);
  const scores = (rows: readonly Observation[]): number[] =>
    rows.flatMap(({ score }) => score ?? []);
  const numeric = (what: DriftRow['what'], before: number[], now: number[]): DriftRow => {
    const shift = numericShift(before, now);
    return {
      what,
      psi: shift?.psi ?? null,
      ks: shift?.ks ?? null,
      isShifted: shift !== null && shift.psi > SHIFTED_PSI,
    };
  };
  const named = (what: DriftRow['what'], of: (row: Observation) => string): DriftRow => {
    const isEmpty = reference.length === 0 || present.length === 0;
    const psi = isEmpty ? null : stabilityIndex(reference.map(of), present.map(of));
    return { what, psi, ks: null, isShifted: psi !== null && psi > SHIFTED_PSI };
  };
  const sizes = (rows: readonly Observation[]): number[] => rows.map((row) => row.size_bytes);
  return {
    reference: reference.length,
    present: present.length,
    rows: [
      numeric('score', scores(reference), scores(present)),
      numeric('size', sizes(reference), sizes(present)),
      named('media type', (row) => row.media_type),
      named('abstention', ({ score }) => (score === null ? 'abstained' : 'scored')),
    ],
  };
}

function observe(database: Queryable, from: number, to: number): Promise<readonly Observation[]> {
  return database.query<Observation>(
    `select (outcome ->> 'score')::float8 as score, size_bytes,
       outcome -> 'media' ->> 'mediaType' as media_type
     from verification
     where status = 'complete' and size_bytes is not null
       and completed_at > now() - make_interval(days => $2)
       and completed_at <= now() - make_interval(days => $1)
     order by completed_at desc limit $3`,
    [from, to, MOST_ROWS],
  );
}
