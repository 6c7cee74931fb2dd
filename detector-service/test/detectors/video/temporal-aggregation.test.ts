import {
  inSpreadOrder,
  summarise,
  type FrameScore,
} from '../../../src/detectors/video/temporal-aggregation.js';

function scored(scores: readonly number[], threshold = 0.9): FrameScore[] {
  return scores.map((score, i) => ({ frame: i * 2, score, accuses: score >= threshold }));
}

it.each([
  // scores, median, robust mean, lowest, highest, leading frame, mean step, alarm
  [[0.2, 0.4, 0.9], 0.4, 0.5, 0.2, 0.9, 4, 0.35, false],
  [[0.99, 0.1, 0.1, 0.1], 0.1, 0.1, 0.1, 0.99, 0, 0.2967, false],
  [[0.1, 0.1, 0.1, 0.99, 0.99, 0.1, 0.1, 0.1], 0.1, 0.1, 0.1, 0.99, 6, 0.2543, false],
  [[0.95, 0.92, 0.2], 0.92, 0.69, 0.2, 0.95, 0, 0.375, true],
  [[0.95, 0.92, 0.2, 0.1], 0.56, 0.56, 0.1, 0.95, 0, 0.2833, false],
  [[0.2, 0.8, 0.2, 0.8], 0.5, 0.5, 0.2, 0.8, 2, 0.6, false],
  [[0.2, 0.2, 0.8, 0.8], 0.5, 0.5, 0.2, 0.8, 4, 0.2, false],
  [[0.9, 0.9, 0.9], 0.9, 0.9, 0.9, 0.9, 0, 0, true],
])(
  'the scores %j come to a median of %d and a robust mean of %d',
  (scores, median, robustMean, lowest, highest, leader, flicker, isAlarm) => {
    const summary = summarise(scored(scores));
    expect(summary).toMatchObject({ lowest, highest, leader, isAlarm });
    expect(summary?.median).toBeCloseTo(median);
    expect(summary?.robustMean).toBeCloseTo(robustMean);
    expect(summary?.flicker).toBeCloseTo(flicker, 3);
  },
);

it.each([[[]], [[0.99]], [[0.99, 0.99]]])('%j is too little for a summary', (scores) => {
  expect(summarise(scored(scores))).toBeNull();
});

it.each([
  [[], []],
  [[1], [1]],
  [
    [1, 2, 3, 4, 5],
    [1, 3, 5, 2, 4],
  ],
])('%j is judged in the order %j', (items, expected) => {
  expect(inSpreadOrder<number>(items)).toEqual(expected);
});
