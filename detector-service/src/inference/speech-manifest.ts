import { z } from 'zod';

import { JUDGED_RATE } from '../intake/audio/collector.js';
import { common, probability } from './manifest-parts.js';

/** Name of the set of figures that this service computes; it changes with them. */
const FIGURES = 'two-bands-1';

const speech = {
  ...common,
  output: z.strictObject({
    /** Tensor of one value a window; positive means synthetic. The mean over the windows is the logit of the sound. */
    logit: z.string(),
    /** Tensor of one value a window: how unlike anything in the training it is, 0..1. Null where the model does not say. */
    strangeness: z.string().nullable(),
  }),
  /** At most this many windows of a sound, those with the most speech, are judged. */
  windows: z.number().int().min(1).max(75),
  abstain: z.strictObject({
    /** Windows with less speech are not judged. */
    minSpeechSeconds: z.number().min(0.5).max(30),
    /** Share of samples in runs at full scale above which a sound counts as clipped and is not judged. */
    maxClippedShare: probability,
    /** Sounds with next to nothing above a lower frequency are not judged. */
    minBandHertz: z
      .number()
      .min(0)
      .max(JUDGED_RATE / 2),
    /** Sounds that fall quiet for a smaller share of the time are taken for music and not judged, see `detectors/audio/quiet-share`. */
    minQuietShare: probability,
    /** Sounds of a higher mean strangeness (singing, noise, instruments) are not judged; null judges all. */
    maxStrangeness: probability.nullable(),
  }),
};

const input = {
  /** Tensor name; shape [1, values], float32. */
  name: z.string(),
  sampleRate: z.literal(JUDGED_RATE),
};

/** Figures of a window in, as the service computes them; made for heads that are fitted on few recordings. */
export const figuresManifestSchema = z.strictObject({
  ...speech,
  kind: z.literal('speech-figures'),
  input: z.strictObject({
    ...input,
    /** Set of figures that the model was fitted on, see `detectors/audio/figures`. */
    figures: z.literal(FIGURES),
    /** Seconds of a window. */
    seconds: z.number().min(1).max(4),
  }),
});

/** Samples of a window in, for networks that listen themselves. */
export const samplesManifestSchema = z.strictObject({
  ...speech,
  kind: z.literal('speech-samples'),
  input: z.strictObject({
    ...input,
    /** Seconds of a window; each has exactly this length. */
    seconds: z.number().min(1).max(30),
    /** Shorter speech is filled up with zeros, or repeated. */
    padding: z.enum(['zeros', 'repeat']),
    /** Root mean square to which the loud parts of a window are brought; null leaves the loudness alone. */
    level: z.number().min(0.001).max(0.5).nullable(),
  }),
});
