import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The only file that runs ffmpeg, an optional outside program. It meets hostile bytes: its input is one local file of a demuxer named here (no playlist can
 * lead it elsewhere), its processor time, wall time and output are bounded, and it sees no secrets.
 */
export interface Ffmpeg {
  readonly path: string;
  /** First line of `ffmpeg -version`. */
  readonly version: string;
}

const VERSION_MS = 20_000;

/**
 * Looks whether ffmpeg can be run.
 *
 * @param path of the program, or its name to be looked up in PATH; `off` looks for none
 * @returns null where it cannot be started: what needs it is then not judged, and findings say so
 */
export async function findFfmpeg(path: string): Promise<Ffmpeg | null> {
  if (path === 'off') return null;
  try {
    const { stdout } = await promisify(execFile)(path, ['-nostdin', '-version'], {
      timeout: VERSION_MS,
      killSignal: 'SIGKILL',
    });
    return { path, version: stdout.split('\n')[0]?.trim() ?? '' };
  } catch {
    return null;
  }
}

/** ffmpeg's demuxers by media type. A type that is not listed is not given to ffmpeg. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/x-flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/opus': 'ogg',
  'video/ogg': 'ogg',
  'application/ogg': 'ogg',
  'audio/aac': 'aac',
  'audio/mp4': 'mov',
  'audio/aiff': 'aiff',
  'audio/amr': 'amr',
  'audio/x-ms-asf': 'asf',
  'audio/webm': 'matroska',
  'audio/x-matroska': 'matroska',
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'video/webm': 'matroska',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
  'video/x-msvideo': 'avi',
  'video/x-ms-asf': 'asf',
  'video/x-flv': 'flv',
  'video/mpeg': 'mpeg',
  'video/mp2t': 'mpegts',
};

export function demuxerOf(mediaType: string): string | null {
  return DEMUXERS[mediaType] ?? null;
}

export interface FfmpegRun {
  readonly input: { readonly path: string; readonly demuxer: string };
  /** Before the input: where to start, what to skip. */
  readonly inputOptions?: readonly string[];
  /** After the input; the output is standard output. */
  readonly outputOptions: readonly string[];
  readonly maxBytes: number;
  readonly maxMs: number;
}

export interface FfmpegOutput {
  /** At most `maxBytes`. */
  readonly bytes: Buffer;
  /** The last part of what it wrote to standard error. */
  readonly log: string;
  readonly stopped: 'no' | 'time' | 'size';
  /** Exit code 0. ffmpeg repairs much, so this does not mean that the file is intact. */
  readonly isDone: boolean;
}

const MAX_LOG = 65_536;

/** Runs ffmpeg once. Never rejects for what the file does; the answer says how far it came. */
export function runFfmpeg(ffmpeg: Ffmpeg, run: FfmpegRun): Promise<FfmpegOutput> {
  const seconds = Math.max(1, Math.ceil(run.maxMs / 1000));
  const child = spawn(
    ffmpeg.path,
    [
      ...['-nostdin', '-hide_banner', '-nostats', '-v', 'info', '-threads', '1'],
      // Its own limit on processor time, should this process be killed before it can kill that one.
      ...['-timelimit', String(seconds)],
      ...(run.inputOptions ?? []),
      ...['-protocol_whitelist', 'file', '-f', run.input.demuxer, '-i', `file:${run.input.path}`],
      ...run.outputOptions,
      'pipe:1',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment() },
  );
  return new Promise((resolve) => {
    const blocks: Buffer[] = [];
    let size = 0;
    let log = '';
    let stopped: FfmpegOutput['stopped'] = 'no';
    const stop = (reason: 'time' | 'size'): void => {
      if (stopped === 'no') stopped = reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('time'), run.maxMs);
    const finish = (isDone: boolean): void => {
      clearTimeout(timer);
      resolve({ bytes: Buffer.concat(blocks, size), log, stopped, isDone });
    };
    child.stdout.on('data', (block: Buffer) => {
      const kept = block.subarray(0, run.maxBytes - size);
      blocks.push(kept);
      size += kept.length;
      if (kept.length < block.length) stop('size');
    });
    child.stderr.on('data', (block: Buffer) => {
      log = (log + block.toString('latin1')).slice(-MAX_LOG);
    });
    child.once('error', () => finish(false));
    child.once('close', (code) => finish(code === 0));
  });
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH, SystemRoot } = process.env;
  return { PATH, LD_LIBRARY_PATH, SystemRoot };
}
