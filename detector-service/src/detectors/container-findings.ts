import type { ContainerFacts } from '../intake/container/media-file.js';
import type { ContainerLayout } from '../intake/container/layout.js';

/** Bytes that players and editors leave behind without meaning anything. */
const MEANINGLESS_BYTES = 64;
/** Tracks and headers may disagree by a second or a twentieth of the length: encoders pad, cameras stop one track before the other. */
const SECONDS = 1;
const SHARE = 0.05;
const DAY_MS = 86_400_000;

/**
 * Contradictions inside a container, each as the rest of a sentence. They prove no forgery: broken writers make them too.
 *
 * @param measuredSeconds length of the sound as decoded to its end; null where it was not
 * @param now for dates in the future
 */
export function contradictions(
  facts: ContainerFacts | null,
  layout: ContainerLayout | null,
  measuredSeconds: number | null,
  now: Date,
): string[] {
  return [
    ...(layout ? layoutContradictions(layout, now) : []),
    ...(facts ? durationContradictions(facts, measuredSeconds) : []),
  ];
}

function layoutContradictions(
  { trailingBytes, missingBytes, movie }: ContainerLayout,
  now: Date,
): string[] {
  const found: string[] = [];
  if (trailingBytes > MEANINGLESS_BYTES) {
    found.push(`${trailingBytes} bytes behind its end belong to no part of it`);
  }
  if (missingBytes > 0) found.push(`${missingBytes} bytes that it names are missing at its end`);
  if (movie?.createdAt && movie.createdAt.getTime() > now.getTime() + DAY_MS) {
    found.push(`it says it was made in the future (${isoDay(movie.createdAt)})`);
  }
  if (
    movie?.createdAt &&
    movie.modifiedAt &&
    movie.createdAt.getTime() > movie.modifiedAt.getTime() + DAY_MS
  ) {
    found.push(
      `it says it was changed (${isoDay(movie.modifiedAt)}) before it was made (${isoDay(movie.createdAt)})`,
    );
  }
  if (movie && movie.edits > 1) {
    found.push(`its edit list joins ${movie.edits} cuts that players show as one piece`);
  }
  return found;
}

function durationContradictions(facts: ContainerFacts, measured: number | null): string[] {
  const sound = facts.tracks.find(({ kind }) => kind === 'audio');
  const picture = facts.tracks.find(({ kind }) => kind === 'video');
  const stated = sound?.declaredSeconds ?? (picture ? null : facts.seconds);
  const found: string[] = [];
  if (stated !== null && measured !== null && differ(stated, measured)) {
    found.push(
      `it says that the sound lasts ${seconds(stated)}, but ${seconds(measured)} are in it`,
    );
  }
  const [of, other] = [picture?.declaredSeconds ?? null, sound?.declaredSeconds ?? null];
  if (of !== null && other !== null && differ(of, other)) {
    found.push(`its picture lasts ${seconds(of)} and its sound ${seconds(other)}`);
  }
  return found;
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > Math.max(SECONDS, SHARE * Math.max(a, b));
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
