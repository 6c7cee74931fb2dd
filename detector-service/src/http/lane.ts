import { LANES, type Lane } from '../store/records.js';
import type { Preference } from './prefer.js';
import { ProblemError } from './problems.js';

/** The lane named by `MediaGuard-Lane`; else bulk for whoever asked not to wait. */
export function readLane(header: string | undefined, preference: Preference): Lane {
  if (header === undefined) return preference.applied === 'respond-async' ? 'bulk' : 'interactive';
  const lane = LANES.find((name) => name === header.trim().toLowerCase());
  if (lane) return lane;
  throw new ProblemError(
    400,
    'request.lane',
    `Expected MediaGuard-Lane to be ${LANES.join(' or ')}.`,
    'Leave the header out, or send "bulk" for loads nobody waits for.',
  );
}
