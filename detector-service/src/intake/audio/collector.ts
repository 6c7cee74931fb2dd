import { bandLimit } from './band-limit.js';
import { resample } from './resample.js';
import type { SampleBlock } from './frame-decoder.js';

/** Hertz at which speech is judged. */
export const JUDGED_RATE = 16_000;

/** Sound as it is judged, and what can only be measured before it is mixed and resampled. */
export interface DecodedSound {
  /** One channel at {@link JUDGED_RATE}. */
  readonly samples: Float32Array;
  /** As stored. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Seconds decoded. */
  readonly seconds: number;
  /** The file goes on after what was decoded. */
  readonly isCut: boolean;
  /** Frames that the decoder could not make sense of. */
  readonly errors: number;
  /** Share of samples that lie in runs at full scale, 0..1. */
  readonly clippedShare: number;
  /** Share of samples that are exactly zero over at least a tenth of a second, 0..1. */
  readonly digitalSilenceShare: number;
  /** Hertz above which there is next to nothing although the sample rate has room; null where the sound fills its sample rate. */
  readonly bandLimit: number | null;
}

/** Rates outside carry no speech, and a rate of a few hertz would turn a small file into days of sound. */
const RATES = { lowest: 4_000, highest: 384_000 };
const FULL_SCALE = 0.9995;
/** A single sample at full scale may be a peak; three in a row are cut off. */
const CLIPPED_RUN = 3;

/** Counts the samples in runs of at least `shortest` for which a test holds, block by block. */
class RunCounter {
  private run = 0;
  private counted = 0;

  constructor(
    private readonly holds: (sample: number) => boolean,
    private readonly shortest: number,
  ) {}

  add(samples: Float32Array): void {
    for (const sample of samples) {
      if (!this.holds(sample)) this.run = 0;
      else if ((this.run += 1) === this.shortest) this.counted += this.shortest;
      else if (this.run > this.shortest) this.counted += 1;
    }
  }

  get count(): number {
    return this.counted;
  }
}

/** Takes in decoded blocks, measures them and mixes them down, up to a number of seconds. */
export class SoundCollector {
  private readonly mixed: Float32Array[] = [];
  private rate = 0;
  private channels = 0;
  private length = 0;
  private errors = 0;
  private clipped: RunCounter | null = null;
  private silent: RunCounter | null = null;
  private hasMore = false;

  constructor(private readonly maxSeconds: number) {}

  get isFull(): boolean {
    return this.rate > 0 && this.length >= this.maxSeconds * this.rate;
  }

  add({ channels, sampleRate, errors }: SampleBlock): void {
    this.errors += errors;
    const [first] = channels;
    if (!first || first.length === 0) return;
    if (!(sampleRate >= RATES.lowest && sampleRate <= RATES.highest)) {
      this.errors += 1;
      return;
    }
    if (this.rate === 0) {
      this.rate = sampleRate;
      this.channels = channels.length;
      this.clipped = new RunCounter((sample) => Math.abs(sample) >= FULL_SCALE, CLIPPED_RUN);
      this.silent = new RunCounter((sample) => sample === 0, Math.round(sampleRate / 10));
    }
    // Some formats may change their rate on the way; what follows is then another sound.
    if (sampleRate !== this.rate) {
      this.errors += 1;
      return;
    }
    const room = Math.floor(this.maxSeconds * this.rate) - this.length;
    this.hasMore ||= first.length > room;
    const kept = channels.map((channel) => channel.subarray(0, room));
    const mono = mixDown(kept);
    this.clipped?.add(kept[0] ?? mono);
    this.silent?.add(kept[0] ?? mono);
    this.mixed.push(mono);
    this.length += mono.length;
  }

  /**
   * @param isCut the source was left before its end
   * @returns null where nothing was decoded
   */
  result(isCut: boolean): DecodedSound | null {
    if (this.length === 0) return null;
    const mono = new Float32Array(this.length);
    let at = 0;
    for (const block of this.mixed) {
      mono.set(block, at);
      at += block.length;
    }
    return {
      samples: resample(mono, this.rate, JUDGED_RATE),
      sampleRate: this.rate,
      channels: this.channels,
      seconds: this.length / this.rate,
      isCut: isCut || this.hasMore,
      errors: this.errors,
      clippedShare: (this.clipped?.count ?? 0) / this.length,
      digitalSilenceShare: (this.silent?.count ?? 0) / this.length,
      bandLimit: bandLimit(mono, this.rate),
    };
  }
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = channels;
  if (channels.length === 1) return Float32Array.from(first);
  const mono = new Float32Array(first.length);
  for (const channel of channels) {
    for (let i = 0; i < mono.length; i += 1) mono[i] = (mono[i] as number) + (channel[i] ?? 0);
  }
  return mono.map((sum) => sum / channels.length);
}
