import { decodePages, readHeader } from '../../intake/image.js';
import { NOTHING_FOUND, type Detector } from '../types.js';
import { judgeSampled, type FrameJudges } from './video-detector.js';

/** Moving GIF and WebP pictures: their frames like those of a video, without ffmpeg. Moving PNG pictures show only their first frame to the decoder in use. */
export function createMovingPictureDetector(judges: FrameJudges): Detector {
  return {
    id: 'video',
    version: '1.1.0',
    mediaTypes: /^image\/(?:gif|webp)$/,
    async run(subject) {
      const { bytes, pages, type, limits } = subject;
      if (pages < 2 || !bytes) return NOTHING_FOUND;
      const header = await readHeader(bytes, type.mediaType, limits);
      const frames = header ? await decodePages(bytes, header, limits, limits.maxFrames) : [];
      return frames.length < 2 ? NOTHING_FOUND : judgeSampled(judges, subject, frames);
    },
  };
}
