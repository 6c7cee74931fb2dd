import { variantOf } from '../load/media.js';
import { send, type Caller } from './client.js';

const CONNECTIONS = 8;
const SECONDS = 10;
const WAIT_SECONDS = 30;

/** Pictures a second that the service judges when it always has some to judge. */
export async function capacityOf(caller: Caller, picture: Buffer): Promise<number> {
  const until = performance.now() + SECONDS * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const bytes = variantOf(picture);
        const { status } = await send(caller, bytes, {
          lane: 'interactive',
          waitSeconds: WAIT_SECONDS,
        });
        if (status === 200) done += 1;
      }
    }),
  );
  return done / SECONDS;
}
