/** What one model's scores over the frames of a video come to. Rules only: nothing here looks at pixels. */

/** What one model said of one frame, or of one face in it. */
export interface FrameScore {
  /** Place in the list of frames. */
  readonly frame: number;
  readonly score: number;
  /** The finding argues that the picture is not genuine. */
  readonly accuses: boolean;
}

/** Frames that a statement about a video needs: one or two may be blurred, black or a title. */
export const MIN_FRAMES = 3;

/** No single frame decides: the middle one stands for all, and an alarm takes more than half of at least three. */
export interface ScoreSummary {
  readonly median: number;
  /** Mean without the lowest and the highest quarter: as hard to sway by single frames as the median, and steadier over few of them. */
  readonly robustMean: number;
  readonly lowest: number;
  readonly highest: number;
  /** Frame of the highest score, the first of equals. */
  readonly leader: number;
  /** Mean step between neighbouring frames: a generated or recorded scene changes its score slowly, a swapped face makes it flicker. */
  readonly flicker: number;
  readonly isAlarm: boolean;
}

/** @returns null where fewer than {@link MIN_FRAMES} were scored */
export function summarise(scores: readonly FrameScore[]): ScoreSummary | null {
  if (scores.length < MIN_FRAMES) return null;
  const values = scores.map(({ score }) => score);
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const at = (place: number): number => sorted[place] as number;
  const steps = values.slice(1).map((value, i) => Math.abs(value - (values[i] as number)));
  const highest = at(sorted.length - 1);
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    robustMean: interquartileMean(sorted),
    lowest: at(0),
    highest,
    leader: scores.find(({ score }) => score === highest)?.frame ?? 0,
    flicker: mean(steps),
    isAlarm: scores.filter(({ accuses }) => accuses).length * 2 > scores.length,
  };
}

/** @param sorted at least one value, rising; a quarter of the values, rounded down, is left out at each end */
function interquartileMean(sorted: readonly number[]): number {
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.slice(cut, sorted.length - cut));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Every second one, then the others: if time runs out, what was judged still spans the video. */
export function inSpreadOrder<T>(items: readonly T[]): T[] {
  return [...items.filter((_, i) => i % 2 === 0), ...items.filter((_, i) => i % 2 === 1)];
}
