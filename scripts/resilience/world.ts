import type { Connection } from '@salesforce/core';

import { connect } from '../demo/org-client.js';
import { PASSWORD, PEOPLE, setUpOrg, type DemoRecords } from '../demo/setup.js';
import type { Stack } from '../demo/stack.js';

/** What every case works with: the running stack, its people, and a place for measured figures. */
export interface World {
  readonly stack: Stack;
  readonly records: DemoRecords;
  /** Uploads as an everyday user, who sees neither verdicts nor audit. */
  readonly uploader: Connection;
  /** Reads everything and changes nothing: the eyes of the suite. */
  readonly auditor: Connection;
  /** Has the profile System Administrator. */
  readonly administrator: Connection;
  /** Prints one measured figure. */
  readonly figure: (line: string) => void;
}

export async function openWorld(stack: Stack, figure: World['figure']): Promise<World> {
  const records = await setUpOrg(stack);
  const [uploader, auditor, administrator] = await Promise.all(
    [PEOPLE.uploader, PEOPLE.auditor, PEOPLE.administrator].map(({ username }) =>
      connect(stack.orgUrl, username, PASSWORD),
    ) as [Promise<Connection>, Promise<Connection>, Promise<Connection>],
  );
  return { stack, records, uploader, auditor, administrator, figure };
}

/** Calls what only a local org has, such as its clock. */
export async function callLocal<T>(
  { stack }: Pick<World, 'stack'>,
  user: Connection,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${stack.orgUrl}/local/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${user.accessToken ?? ''}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`/local/${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Moves the org's clock; whatever becomes due on the way has run when this resolves. */
export async function advanceClock(world: World, minutes: number): Promise<void> {
  await callLocal(world, world.administrator, 'clock/advance', { seconds: minutes * 60 });
}
