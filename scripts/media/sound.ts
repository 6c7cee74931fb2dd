/** Sound made from nothing, the same on every run. */

/**
 * Something like speech: buzzes with three resonances that glide from vowel to vowel, in syllables with pauses between them, over a little noise.
 *
 * @param seed other numbers give other "words" at another pitch
 */
export function makeVowels(seconds: number, rate: number, seed = 1): Float32Array {
  const random = randomNumbers(seed);
  const samples = new Float32Array(Math.round(seconds * rate));
  const pitch = 95 + random() * 90;
  const syllable = Math.round(0.24 * rate);
  const resonators = [new Resonator(rate), new Resonator(rate), new Resonator(rate)];
  let phase = 0;
  for (let start = 0; start < samples.length; start += syllable) {
    const formants = [300 + random() * 500, 900 + random() * 1_300, 2_300 + random() * 700];
    const isPause = random() < 0.2;
    const rise = 0.85 + random() * 0.3;
    for (let i = 0; i < syllable && start + i < samples.length; i += 1) {
      const share = i / syllable;
      phase += (pitch * (1 + (rise - 1) * share)) / rate;
      const pulse = phase % 1 < pitch / rate ? 1 : 0;
      const breath = (random() - 0.5) * 0.05;
      let sample = pulse + breath;
      resonators.forEach((resonator, k) => {
        sample = resonator.pass(sample, formants[k] as number, 60 + 40 * k);
      });
      const envelope = isPause ? 0 : Math.sin(Math.PI * share) ** 0.5;
      samples[start + i] = sample * envelope;
    }
  }
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (0.5 * sample) / peak + (random() - 0.5) * 0.002);
}

/** A second-order resonance. */
class Resonator {
  private before = 0;
  private earlier = 0;

  constructor(private readonly rate: number) {}

  pass(sample: number, hertz: number, width: number): number {
    const radius = Math.exp((-Math.PI * width) / this.rate);
    const turn = 2 * radius * Math.cos((2 * Math.PI * hertz) / this.rate);
    const out = (1 - radius) * 4 * sample + turn * this.before - radius * radius * this.earlier;
    this.earlier = this.before;
    this.before = out;
    return out;
  }
}

export function makeTone(hertz: number, seconds: number, rate: number, level = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

export function makeNoise(seconds: number, rate: number, level = 0.2, seed = 1): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    () => (random() * 2 - 1) * level,
  );
}

/** Five seconds of vowels between silences as a WAV file at 16 kHz: what the figures of speech are compared on across languages. */
export function paritySound(): Buffer {
  const silence = new Float32Array(4_000);
  return writeWav(Float32Array.from([...silence, ...makeVowels(5, 16_000, 3), ...silence]), 16_000);
}

/** A WAV file with 16-bit samples in one channel. */
export function writeWav(samples: Float32Array, rate: number): Buffer {
  const body = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => {
    body.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767))), i * 2);
  });
  return wavOf(body, { format: 1, channels: 1, rate, bits: 16 });
}

export interface WavFormat {
  /** 1 whole numbers, 3 floats, 6 A-law, 7 µ-law. */
  readonly format: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/** A WAV file around samples that are already bytes. */
export function wavOf(body: Buffer, { format, channels, rate, bits }: WavFormat): Buffer {
  const block = (channels * bits) / 8;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + body.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * block, 28);
  head.writeUInt16LE(block, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(body.length, 40);
  return Buffer.concat([head, body]);
}

/** Numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
