import { ChildFailure, ChildPool } from '../../inference/child-pool.js';
import { mediaLimits, type MediaLimits } from '../../intake/limits.js';
import { MediaRefusedError } from '../../verdict/types.js';
import type { MadeVariant, VariantRequest, VariantSetup } from './variant-child.js';

/** Makes variants in child processes: evaluated files are as hostile as any other. */
export interface VariantMaker {
  /** Every variant asked for, each with its bytes or the reason why it has none. */
  make(request: VariantRequest, signal: AbortSignal): Promise<readonly MadeVariant[]>;
  close(): Promise<void>;
}

/** An item's variants together may take so many times what a verification may: programs convert video one after the other. */
const VARIANTS_TIME = 4;

/** @param ffmpeg its name or path, `off` for none */
export function createVariantMaker(
  processes: number,
  changes: Partial<MediaLimits> = {},
  ffmpeg = 'ffmpeg',
): VariantMaker {
  const limits = mediaLimits(changes);
  const setup: VariantSetup = { limits, ffmpeg };
  const pool = new ChildPool({
    entry: childEntry(),
    size: processes,
    deadlineMs: limits.examineMs * VARIANTS_TIME,
    setup,
  });
  return {
    close: () => pool.close(),
    async make(request, signal) {
      try {
        return (await pool.run(request, signal)) as readonly MadeVariant[];
      } catch (error) {
        const reason = signal.aborted ? 'took too long' : refusalOf(error);
        return request.variants.map((variant) => ({ variant, reason }));
      }
    },
  };
}

function refusalOf(error: unknown): string {
  if (error instanceof MediaRefusedError) return error.code;
  if (error instanceof ChildFailure) {
    return error.kind === 'deadline' ? 'took too long' : 'crashed its decoder';
  }
  throw error;
}

/** Source runs from source, a build from the build. */
function childEntry(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./variant-child.${extension}`, import.meta.url);
}
