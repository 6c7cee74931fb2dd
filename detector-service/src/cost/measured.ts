import type { Database } from '../store/database.js';
import type { KindMeasurement } from './model.js';

/** The kind of a media type: `image`, `video`, `audio`, or `document` for everything else. */
const KIND = `case
  when outcome -> 'media' ->> 'mediaType' ~ '^(image|video|audio)/'
    then split_part(outcome -> 'media' ->> 'mediaType', '/', 1)
  else 'document' end`;

/** What verifications kept in the store took, by kind; answers from known ones took nothing and are left out. */
export async function readMeasured(
  database: Database,
): Promise<ReadonlyMap<string, KindMeasurement>> {
  const rows = await database.query<{ kind: string; seconds: number; verifications: number }>(
    `select ${KIND} as kind, avg((outcome -> 'timing' ->> 'totalMs')::float8) / 1000 as seconds,
       count(*) as verifications
     from verification
     where status = 'complete' and outcome -> 'timing' -> 'stages' -> 'known' is null
     group by 1`,
  );
  return new Map(
    rows.map(({ kind, seconds, verifications }) => [kind, { seconds, verifications }]),
  );
}
