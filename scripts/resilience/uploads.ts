import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import type { MediaFile } from './media.js';
import { advanceClock, type World } from './world.js';

/** Far beyond what a loaded machine needs; reaching it means that something is stuck. */
const SETTLE_MS = 300_000;
const LOOK_MS = 250;

/** How a version stands. */
export interface VersionRow {
  readonly Id: string;
  readonly ContentVersionId__c: string;
  readonly FileName__c: string;
  readonly Status__c: string;
  readonly Verdict__c: string | null;
  readonly ReasonCode__c: string | null;
  readonly Attempts__c: number;
  readonly NextAttemptAt__c: string | null;
  readonly VerificationId__c: string | null;
}

interface Slot {
  readonly id: string | null;
  readonly success: boolean;
  readonly errors: readonly { readonly message: string }[];
}

/** Uploads all files to the opportunity in one call, as one transaction, and gives the ids of the ContentVersions in order. */
export async function upload(world: World, files: readonly MediaFile[]): Promise<string[]> {
  const slots = await world.uploader.request<Slot[]>({
    method: 'POST',
    url: `/services/data/v${world.uploader.getApiVersion()}/composite/sobjects`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      allOrNone: true,
      records: files.map(({ name, bytes }) => ({
        attributes: { type: 'ContentVersion' },
        Title: name,
        PathOnClient: name,
        VersionData: bytes.toString('base64'),
        FirstPublishLocationId: world.records.opportunityId,
      })),
    }),
  });
  return slots.map(({ id, success, errors }, index) => {
    if (success && id) return id;
    throw new Error(`${files[index]?.name}: ${errors.map(({ message }) => message).join('; ')}`);
  });
}

/** The versions of uploaded files, in the order of their ids. */
export async function versionsOf(
  world: World,
  contentIds: readonly string[],
): Promise<VersionRow[]> {
  const { records } = await world.auditor.query<VersionRow>(
    `SELECT Id, ContentVersionId__c, FileName__c, Status__c, Verdict__c, ReasonCode__c, Attempts__c,
       NextAttemptAt__c, VerificationId__c
     FROM MediaVersion__c WHERE ContentVersionId__c IN ('${contentIds.join("','")}')`,
  );
  const byContent = new Map(records.map((row) => [row.ContentVersionId__c, row]));
  return contentIds.map((id) => {
    const row = byContent.get(id);
    if (!row) throw new Error(`The org has no media version for the file ${id}.`);
    return row;
  });
}

/** Looks until all versions are as wanted; between two looks it may do something, such as moving the clock. */
export async function waitFor(
  world: World,
  contentIds: readonly string[],
  wanted: (versions: readonly VersionRow[]) => boolean,
  meanwhile: () => Promise<void> = () => sleep(LOOK_MS),
): Promise<VersionRow[]> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const versions = await versionsOf(world, contentIds);
    if (wanted(versions)) return versions;
    if (Date.now() > deadline) {
      throw new Error(`Stuck after ${SETTLE_MS / 1000} s: ${summary(versions)}`);
    }
    await meanwhile();
  }
}

/** Moves the clock until all versions have got a verdict. */
export function untilJudged(
  world: World,
  contentIds: readonly string[],
  minutesAtATime: number,
): Promise<VersionRow[]> {
  return waitFor(world, contentIds, areJudged, async () => {
    await advanceClock(world, minutesAtATime);
    // The org stands still while it waits for the service: media that the service fetches comes between two moves.
    await sleep(LOOK_MS);
  });
}

/** Moves the clock until all versions are judged, and fails unless every one is cleared. */
export async function untilCleared(
  world: World,
  contentIds: readonly string[],
  minutesAtATime: number,
): Promise<VersionRow[]> {
  const versions = await untilJudged(world, contentIds, minutesAtATime);
  assert.ok(areAll('Cleared')(versions), `Expected all to be cleared: ${summary(versions)}`);
  return versions;
}

export const WAITING = ['Held', 'Verifying', 'Failed'];

/** True once every version has got a verdict. */
export const areJudged = (versions: readonly VersionRow[]): boolean =>
  versions.every(({ Verdict__c: verdict }) => verdict !== null);

export const areAll =
  (...statuses: readonly string[]) =>
  (versions: readonly VersionRow[]): boolean =>
    versions.every(({ Status__c: status }) => statuses.includes(status));

/** How many versions stand where, and why: `18 Cleared, 2 Held (media.empty)`. */
export function summary(versions: readonly VersionRow[]): string {
  const counts = new Map<string, number>();
  for (const { Status__c: status, ReasonCode__c: reason } of versions) {
    const key = reason && status !== 'Cleared' ? `${status} (${reason})` : status;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${count} ${key}`).join(', ');
}

export const totalAttempts = (versions: readonly VersionRow[]): number =>
  versions.reduce((sum, { Attempts__c: attempts }) => sum + attempts, 0);

/** HTTP status of a download as the uploader, and the bytes if it was allowed. */
export async function download(
  { stack, uploader }: World,
  contentId: string,
): Promise<{ status: number; bytes: Buffer }> {
  const response = await fetch(
    `${stack.orgUrl}/sfc/servlet.shepherd/version/download/${contentId}`,
    { headers: { authorization: `Bearer ${uploader.accessToken ?? ''}` } },
  );
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Detections of each version, by the version's id. */
export async function detectionsOf(
  world: World,
  versions: readonly VersionRow[],
): Promise<Map<string, string[]>> {
  const ids = versions.map(({ Id: id }) => id);
  const { records } = await world.auditor.query<{ Version__c: string; RequestId__c: string }>(
    `SELECT Version__c, RequestId__c FROM MediaDetection__c WHERE Version__c IN ('${ids.join("','")}')`,
  );
  const found = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { Version__c: id, RequestId__c: request } of records) found.get(id)?.push(request);
  return found;
}
