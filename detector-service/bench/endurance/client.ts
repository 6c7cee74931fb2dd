import type { VerificationResource } from '../../src/http/schemas/verification.js';

export interface Caller {
  readonly address: string;
  readonly key: string;
}

/** What came of sending media. */
export interface Answer {
  /** 0: no answer came. */
  readonly status: number;
  /** Whether it says when to try again. */
  readonly saysWhen: boolean;
  readonly verification: VerificationResource | null;
}

export interface Sending {
  readonly lane: 'interactive' | 'bulk';
  /** Seconds to wait for the verdict; 0 does not wait. */
  readonly waitSeconds: number;
  /** The same key for the same media, however often it is sent. */
  readonly idempotencyKey?: string;
}

/** Sends a JPEG. A broken connection is an answer too. */
export async function send(
  { address, key }: Caller,
  bytes: Buffer,
  { lane, waitSeconds, idempotencyKey }: Sending,
): Promise<Answer> {
  try {
    const response = await fetch(`${address}/v1/verifications`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'image/jpeg',
        'MediaGuard-Lane': lane,
        Prefer: waitSeconds > 0 ? `wait=${waitSeconds}` : 'respond-async',
        ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
      },
      body: new Uint8Array(bytes),
    });
    const body: unknown = await response.json();
    return {
      status: response.status,
      saysWhen: response.headers.has('retry-after'),
      verification: response.ok ? (body as VerificationResource) : null,
    };
  } catch {
    return { status: 0, saysWhen: false, verification: null };
  }
}

/** The verification as it stands after at most `waitSeconds`; `missing` where the service does not know it, null where no usable answer came. */
export async function look(
  { address, key }: Caller,
  id: string,
  waitSeconds: number,
): Promise<VerificationResource | 'missing' | null> {
  try {
    const response = await fetch(`${address}/v1/verifications/${id}`, {
      headers: { Authorization: `Bearer ${key}`, Prefer: `wait=${waitSeconds}` },
    });
    if (response.status === 404) return 'missing';
    return response.ok ? ((await response.json()) as VerificationResource) : null;
  } catch {
    return null;
  }
}
