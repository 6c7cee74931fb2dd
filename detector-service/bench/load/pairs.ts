import { measureBound, type Bound } from './bound.js';
import { drive, type Measured } from './drive.js';
import { variantOf, type Photo } from './media.js';
import type { Judge } from './service.js';

/** What the machine could do at most, and what the service did right after. */
export interface Pair {
  readonly bound: Bound;
  readonly service: Measured;
}

const PAIRS = 6;
/** The service is asked for longer: the first and the last picture of a load count for less then. */
const SERVICE_SHARE = 3;

/**
 * Measures both in turns. A machine that is shared, as every virtual one is, changes its speed by a third within a minute; ratios of two long measurements
 * would say as much about the neighbours as about the service.
 *
 * @param seconds for each measurement of the bound
 */
export async function measurePairs(
  judge: Judge,
  photo: Photo,
  { cores, connections, seconds }: { cores: number; connections: number; seconds: number },
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < PAIRS; i += 1) {
    const bound = await measureBound('detectors', photo.bytes, cores, seconds);
    const service = await drive(judge, {
      connections,
      seconds: SERVICE_SHARE * seconds,
      body: () => variantOf(photo.bytes),
    });
    pairs.push({ bound, service });
  }
  return pairs;
}
