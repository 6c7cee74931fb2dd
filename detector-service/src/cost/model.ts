/** What a volume of media will cost and how many cores it needs, from what verifications of each kind were measured to take. */

export interface KindMeasurement {
  /** Mean seconds of one core. */
  readonly seconds: number;
  readonly verifications: number;
}

export interface CostQuestion {
  /** Verifications a month. */
  readonly volume: number;
  /** Share of each kind; the shares add up to 1. */
  readonly mix: Readonly<Record<string, number>>;
  readonly usdPerCoreHour: number;
  /** The busiest hour against the mean hour. */
  readonly peakFactor: number;
  /** How busy a core may be at the peak: beyond, waiting times grow without bound. */
  readonly utilisation: number;
}

export interface CostAnswer {
  readonly coreHours: number;
  /** Of the work alone. */
  readonly usdOfWork: number;
  /** Cores that must stand ready for the busiest hour. */
  readonly cores: number;
  /** Of those cores for the whole month. */
  readonly usdOfCores: number;
}

const HOURS_A_MONTH = 730;
const SECONDS_AN_HOUR = 3_600;

/** @throws Error naming a kind of the mix that was not measured */
export function modelCost(
  measured: ReadonlyMap<string, KindMeasurement>,
  question: CostQuestion,
): CostAnswer {
  let secondsEach = 0;
  for (const [kind, share] of Object.entries(question.mix)) {
    const figure = measured.get(kind);
    if (!figure) {
      throw new Error(
        `Nothing was measured for "${kind}". Let the service judge some such media first, or state it with --seconds ${kind}=N.`,
      );
    }
    secondsEach += share * figure.seconds;
  }
  const coreHours = (question.volume * secondsEach) / SECONDS_AN_HOUR;
  const peakCores = (coreHours / HOURS_A_MONTH) * question.peakFactor;
  const cores = Math.max(1, Math.ceil(peakCores / question.utilisation));
  return {
    coreHours,
    usdOfWork: coreHours * question.usdPerCoreHour,
    cores,
    usdOfCores: cores * HOURS_A_MONTH * question.usdPerCoreHour,
  };
}
