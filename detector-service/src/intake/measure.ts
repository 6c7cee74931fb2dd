import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { MediaRefusedError, type HeldMedia } from '../verdict/types.js';

/** Counts and hashes the bytes of a file as they pass, and stops them at a limit. */
export interface MediaMeasure {
  readonly stream: Transform;
  /**
   * The figures, once the stream has ended.
   *
   * @throws MediaRefusedError `media.empty`
   */
  result(): Omit<HeldMedia, 'path'>;
}

/** The stream fails with MediaRefusedError `media.too_large` on the first chunk past `maxBytes`. */
export function measureMedia(maxBytes: number): MediaMeasure {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        done(tooLarge(maxBytes));
        return;
      }
      sha256.update(chunk);
      md5.update(chunk);
      done(null, chunk);
    },
  });
  return {
    stream,
    result() {
      if (sizeBytes === 0) {
        throw new MediaRefusedError(
          'media.empty',
          'Expected the bytes of a media file but received 0 bytes; send the file itself.',
        );
      }
      return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
    },
  };
}

export function tooLarge(maxBytes: number): MediaRefusedError {
  return new MediaRefusedError(
    'media.too_large',
    `Expected at most ${maxBytes} bytes but received more; send a smaller file or raise the limit maxBytes.`,
  );
}

/** Counts and hashes a file on local disk. */
export async function measureFile(
  path: string,
  maxBytes: number,
): Promise<Omit<HeldMedia, 'path'>> {
  const measure = measureMedia(maxBytes);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(path), measure.stream, nowhere);
  return measure.result();
}
