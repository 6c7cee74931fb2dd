import type { Stack } from '../demo/stack.js';
import type { MediaFile } from './media.js';

/** The part of a verification that these tests look at. */
export interface Verification {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'complete' | 'failed';
  readonly verdict?: string;
}

export interface Answer {
  readonly status: number;
  readonly verification: Verification;
}

type Service = Pick<Stack, 'serviceUrl' | 'apiKey'>;

/**
 * Sends media to the service without waiting for its verdict, in the lane of those who do wait: bulk would give way to uploads.
 * @param key the same key for the same media, however often it is sent
 */
export async function submit(
  { serviceUrl, apiKey }: Service,
  { name, bytes }: MediaFile,
  key: string,
): Promise<Answer> {
  const context = Buffer.from(JSON.stringify({ fileName: name })).toString('base64url');
  return read(
    await fetch(`${serviceUrl}/v1/verifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'image/jpeg',
        'idempotency-key': key,
        'mediaguard-context': context,
        'mediaguard-lane': 'interactive',
        prefer: 'respond-async',
      },
      body: new Uint8Array(bytes),
    }),
  );
}

/** The verification once it has ended. */
export async function resultOf({ serviceUrl, apiKey }: Service, id: string): Promise<Verification> {
  for (;;) {
    const { status, verification } = await read(
      await fetch(`${serviceUrl}/v1/verifications/${id}`, {
        headers: { authorization: `Bearer ${apiKey}`, prefer: 'wait=10' },
      }),
    );
    if (status !== 200 || !['queued', 'running'].includes(verification.status)) return verification;
  }
}

async function read(response: Response): Promise<Answer> {
  const body = await response.text();
  if (!response.ok) throw new Error(`The service answered ${response.status}: ${body}`);
  return { status: response.status, verification: JSON.parse(body) as Verification };
}
