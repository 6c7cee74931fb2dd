import type { DecodedSound } from '../../intake/audio/collector.js';
import { decodeSound } from '../../intake/audio/decode.js';
import { openMediaFile } from '../../intake/container/media-file.js';
import type { Ffmpeg } from '../../intake/ffmpeg.js';
import { audioFingerprint, encodeAudioFingerprint } from '../../intake/fingerprints/audio.js';
import type { Fingerprint } from '../../intake/fingerprints/fingerprint.js';
import type { EvidenceFile } from '../../verdict/types.js';
import type { Subject } from '../types.js';
import { speechActivity, type SpeechActivity } from './speech-activity.js';
import { drawSpectrogram } from './spectrogram.js';

/** The sound of a file after it was decoded and measured. */
export interface HeardSound {
  readonly sound: DecodedSound;
  /** Where in it speech is. */
  readonly activity: SpeechActivity;
  /** Sentences about it, for reviewers. */
  readonly description: string;
  readonly spectrogram: EvidenceFile;
  readonly fingerprint: Fingerprint | null;
}

/** Sound, or why there is none: as a sentence, null where the file has no sound at all. */
export type Hearing =
  | { readonly kind: 'heard'; readonly heard: HeardSound }
  | { readonly kind: 'unheard'; readonly reason: string | null };

/** Decodes, measures and draws the sound of an audio file or a video. */
export async function listen(subject: Subject, ffmpeg: Ffmpeg | null): Promise<Hearing> {
  const { path, sizeBytes, bytes, type, limits } = subject;
  const file = await openMediaFile(path, sizeBytes);
  try {
    const answer = await decodeSound(
      { path, bytes, file, mediaType: type.mediaType },
      limits,
      ffmpeg,
    );
    if (answer.kind === 'decoded')
      return { kind: 'heard', heard: await heardSound(answer.sound, subject) };
    return { kind: 'unheard', reason: reasonFor(answer.kind, answer.codec, type.mediaType) };
  } finally {
    file?.close();
  }
}

function reasonFor(
  kind: 'no_decoder' | 'unreadable' | 'no_track',
  codec: string | null,
  mediaType: string,
): string | null {
  const what = codec ?? mediaType;
  switch (kind) {
    case 'no_track':
      return null;
    case 'no_decoder':
      return `Its sound (${what}) needs ffmpeg, which this service does not have; install ffmpeg or name it by MEDIAGUARD_FFMPEG.`;
    case 'unreadable':
      return `The decoder got no sound out of it (${what}).`;
  }
}

async function heardSound(sound: DecodedSound, subject: Subject): Promise<HeardSound> {
  const words = audioFingerprint(sound.samples);
  const activity = speechActivity(sound.samples);
  return {
    sound,
    activity,
    description: describe(sound, activity, subject),
    spectrogram: await drawSpectrogram(sound.samples),
    fingerprint: words.length > 0 ? { kind: 'audio', value: encodeAudioFingerprint(words) } : null,
  };
}

/** Shares below this are not worth a sentence. */
const WORTH_SAYING = 0.001;

function describe(
  sound: DecodedSound,
  { share, levelDb }: SpeechActivity,
  { container }: Subject,
): string {
  const track = container?.tracks.find(({ kind }) => kind === 'audio');
  const rate = track?.sampleRate ?? sound.sampleRate;
  const channels = track?.channels ?? sound.channels;
  const encoder = container && encoderOf(container.tags);
  const sentences = [
    `${sound.isCut ? 'The first ' : ''}${sound.seconds.toFixed(1)} s of ${track?.codec ?? 'sound'} at ${rate / 1000} kHz in ${channels} ${channels === 1 ? 'channel' : 'channels'}${sound.isCut ? ' were listened to; the rest was not' : ''}.`,
    levelDb === null
      ? 'Nothing in it sounds like speech.'
      : `${percent(share)} of it sounds like speech or music, at ${Math.round(levelDb)} dB below full scale.`.replace(
          'at -',
          'at ',
        ),
    sound.bandLimit !== null
      ? `Above ${sound.bandLimit / 1000} kHz there is next to nothing: it went through a narrow codec, a telephone or a lower sample rate.`
      : '',
    sound.clippedShare > WORTH_SAYING
      ? `${percent(sound.clippedShare)} of it is cut off at full scale.`
      : '',
    sound.digitalSilenceShare > WORTH_SAYING
      ? `${percent(sound.digitalSilenceShare)} of it is digital silence, which microphones do not record.`
      : '',
    encoder ? `Written by ${encoder}.` : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** Where containers name the program that wrote them. */
const ENCODER_TAGS = [
  '©too',
  '©swr',
  'TSSE',
  'TENC',
  'ISFT',
  'ENCODER',
  'WRITING_APP',
  'com.apple.quicktime.software',
  'vendor',
];
const MAX_ENCODER = 80;

export function encoderOf(tags: ReadonlyMap<string, string>): string | null {
  const name = ENCODER_TAGS.map((tag) => tags.get(tag)).find((text) => text !== undefined);
  const printable = (name ?? '').replace(/[^\p{L}\p{N} .,()/+_-]+/gu, ' ').trim();
  return printable === '' ? null : printable.slice(0, MAX_ENCODER);
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} %`;
}
