/** One scored item, as the figures see it. */
export interface Sample {
  /** 0..1, higher for more likely synthetic or manipulated. */
  readonly score: number;
  readonly isFake: boolean;
  /** Where the item comes from: items of one source resemble each other and are drawn together. */
  readonly source: string;
}

/** Samples from the highest score to the lowest, each with how much it counts. */
export interface WeightedSamples {
  readonly samples: readonly Sample[];
  /** One weight a sample, 0 or more. */
  readonly weights: ArrayLike<number>;
}
