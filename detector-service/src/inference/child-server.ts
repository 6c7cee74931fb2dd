import { MediaRefusedError } from '../verdict/types.js';

/** How a request ended. */
type Ending =
  | { readonly kind: 'reply'; readonly reply: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What a child says to its pool; with each answer, how much memory it holds by now. */
export type ChildMessage =
  { readonly kind: 'ready' } | (Ending & { readonly residentBytes: number });

type Incoming = { readonly setup: unknown } | { readonly request: unknown };

/**
 * The child's side of a pool: sets up once, then answers one request after another. A child whose parent is gone ends itself.
 *
 * @param prepare receives the pool's setup and returns the function that answers requests
 */
export function serveParent(
  prepare: (setup: unknown) => Promise<(request: unknown) => Promise<unknown>>,
): void {
  const send = (message: ChildMessage): void => {
    process.send?.(message);
  };
  const end = (ending: Ending): void => {
    send({ ...ending, residentBytes: process.memoryUsage.rss() });
  };
  let answer: ((request: unknown) => Promise<unknown>) | undefined;

  process.on('disconnect', () => process.exit(0));
  process.on('message', (incoming: Incoming) => {
    if ('setup' in incoming) {
      prepare(incoming.setup).then(
        (prepared) => {
          answer = prepared;
          send({ kind: 'ready' });
        },
        (error: unknown) => {
          process.stderr.write(`${describe(error)}\n`);
          process.exit(1);
        },
      );
      return;
    }
    if (!answer) return;
    answer(incoming.request).then(
      (reply) => end({ kind: 'reply', reply }),
      (error: unknown) => {
        if (error instanceof MediaRefusedError) {
          end({ kind: 'refused', code: error.code, message: error.message });
        } else {
          end({ kind: 'failed', message: describe(error) });
        }
      },
    );
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
