/** The whole of MediaGuard as people live it: an outage, a refusal, a review, two outcomes, an alarm, a proof. */
import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Browser, Locator } from 'playwright-core';

import { PASSWORD, PEOPLE, type DemoRecords } from '../demo/setup.js';
import { connect } from '../demo/org-client.js';
import type { Stack } from '../demo/stack.js';
import { Session } from './session.js';

export interface StoryWorld {
  readonly browser: Browser;
  readonly stack: Stack;
  readonly records: DemoRecords;
  /** Paths of the sample media. */
  readonly samples: readonly string[];
  /** Folder for pictures of the screens; null takes none. */
  readonly pictures: string | null;
}

export interface Chapter {
  readonly name: string;
  run(world: StoryWorld): Promise<void>;
}

const opportunityPage = ({ records }: StoryWorld): string =>
  `/lightning/r/Opportunity/${records.opportunityId}/view`;

async function picture(world: StoryWorld, session: Session, name: string): Promise<void> {
  if (world.pictures !== null) await session.screenshot(join(world.pictures, `${name}.png`));
}

/** Runs a part as one person and checks that the page itself had no error. */
async function as(
  world: StoryWorld,
  person: keyof typeof PEOPLE,
  part: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await Session.logIn(world.browser, world.stack.orgUrl, PEOPLE[person].username);
  try {
    await part(session);
    assert.deepEqual(session.pageErrors, [], 'the page had errors');
  } catch (error) {
    if (world.pictures !== null) await session.screenshot(join(world.pictures, 'failure.png'));
    throw error;
  } finally {
    await session.close();
  }
}

function fileRow({ page }: Session, title: string): Locator {
  return page
    .locator('shell-files-card li')
    .filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

async function chooseFileAction(session: Session, title: string, action: string): Promise<void> {
  const row = fileRow(session, title);
  await row.locator('lightning-button-menu button').first().click();
  await row.getByRole('menuitem', { name: action }).click();
}

async function decide(
  session: Session,
  media: string,
  decision: RegExp,
  reason: string,
): Promise<void> {
  const { page } = session;
  await session.open('/lightning/n/MediaGuard_Quarantine');
  await page.getByRole('link', { name: media, exact: true }).first().click();
  await page.locator('c-media-decision').waitFor();
  await page.getByText(decision).first().click();
  await page.locator('c-media-decision textarea').fill(reason);
  await page.locator('c-media-decision').getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('button', { name: 'OK' }).click();
  await page.locator('c-media-decision [data-id="decided"]').waitFor();
}

async function advanceClock({ stack }: StoryWorld, seconds: number): Promise<void> {
  const admin = await connect(stack.orgUrl, PEOPLE.administrator.username, PASSWORD);
  const response = await fetch(`${stack.orgUrl}/local/clock/advance`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${admin.accessToken ?? ''}`,
    },
    body: JSON.stringify({ seconds }),
  });
  assert.equal(response.status, 200, await response.text());
}

async function statuses({ stack }: StoryWorld): Promise<Map<string, string>> {
  const reviewer = await connect(stack.orgUrl, PEOPLE.reviewer.username, PASSWORD);
  const { records } = await reviewer.query<{ Title__c: string; Status__c: string }>(
    'SELECT Title__c, Status__c FROM MediaVersion__c',
  );
  return new Map(records.map((row) => [row.Title__c, row.Status__c]));
}

export const STORY: readonly Chapter[] = [
  {
    name: 'A file that arrives while the service is down is held, and every way out is refused',
    async run(world) {
      await world.stack.service.stop();
      await as(world, 'uploader', async (session) => {
        const { page } = session;
        await session.open(opportunityPage(world));
        await page.locator('shell-files-card input[type=file]').setInputFiles([...world.samples]);
        await page.getByText('Files (5)').waitFor();
        await session.sees(
          /^(This file is being verified|The detection service could not be reached)/,
        );

        await chooseFileAction(session, 'passport', 'Download');
        assert.match(await session.refusal(), /verified|held/i);
        await picture(world, session, 'upload-refused');

        await chooseFileAction(session, 'passport', 'Public Link');
        await page.getByRole('button', { name: 'Create Link' }).click();
        await session.sees(/not cleared yet/);
        await page.keyboard.press('Escape');

        const uma = await connect(world.stack.orgUrl, PEOPLE.uploader.username, PASSWORD);
        await assert.rejects(
          uma
            .sobject('Opportunity')
            .update({ Id: world.records.opportunityId, StageName: 'Closed Won' }),
          /needs media that is cleared/,
        );
      });
      for (const [title, status] of await statuses(world)) {
        assert.ok(['Held', 'Verifying', 'Failed'].includes(status), `${title} is ${status}`);
      }
    },
  },
  {
    name: 'When the service is back, clean media is cleared and the rest is quarantined',
    async run(world) {
      await world.stack.service.start();
      for (let attempt = 0; attempt < 6; attempt += 1) {
        await advanceClock(world, 15 * 60);
        const open = [...(await statuses(world)).values()];
        if (open.every((status) => ['Cleared', 'Quarantined'].includes(status))) break;
      }
      assert.deepEqual(Object.fromEntries([...(await statuses(world))].sort()), {
        campaign: 'Quarantined',
        invoice: 'Quarantined',
        lake: 'Cleared',
        passport: 'Quarantined',
        portrait: 'Quarantined',
      });
    },
  },
  {
    name: 'The uploader can use the clean file and sees why the others are kept',
    async run(world) {
      await as(world, 'uploader', async (session) => {
        const { page } = session;
        await session.open(opportunityPage(world));
        await page.getByText('Files (1)').waitFor();
        const download = page.waitForEvent('download');
        await chooseFileAction(session, 'lake', 'Download');
        assert.match((await download).suggestedFilename(), /lake/);
        await session.sees('This file is in quarantine until a reviewer decides.');
        await picture(world, session, 'record-page');
      });
    },
  },
  {
    name: 'The reviewer sees why and releases one',
    async run(world) {
      await as(world, 'reviewer', async (session) => {
        const { page } = session;
        await session.open('/lightning/n/MediaGuard_Quarantine');
        await session.sees('4 cases');
        await picture(world, session, 'quarantine');
        await page.getByRole('link', { name: 'portrait', exact: true }).click();
        await page.locator('c-media-viewer img[data-id="picture"]').waitFor();
        await session.sees(/Stable Diffusion/);
        await session.sees('Received and held');
        await picture(world, session, 'case-page');
        await decide(
          session,
          'portrait',
          /^Release/,
          'The campaign team confirmed that they made it.',
        );
      });
      assert.equal((await statuses(world)).get('portrait'), 'Released');
    },
  },
  {
    name: 'The reviewer confirms another as fake, and it is taken down',
    async run(world) {
      await as(world, 'reviewer', (session) =>
        decide(session, 'passport', /^Confirm as fake/, 'The picture was changed after signing.'),
      );
      await advanceClock(world, 60);
      assert.equal((await statuses(world)).get('passport'), 'TakenDown');
    },
  },
  {
    name: 'The uploader sees both outcomes',
    async run(world) {
      await as(world, 'uploader', async (session) => {
        const { page } = session;
        await session.open(opportunityPage(world));
        await page.getByText('Files (2)').waitFor();
        await fileRow(session, 'portrait').waitFor();
        assert.equal(await fileRow(session, 'passport').count(), 0, 'the fake is still linked');
        await page.locator('button.slds-global-actions__notifications').click();
        const bell = page.getByRole('dialog', { name: 'Notifications' });
        await bell
          .getByText(/portrait/)
          .first()
          .waitFor();
        await bell
          .getByText(/passport/)
          .first()
          .waitFor();
      });
    },
  },
  {
    name: 'The incident stands and its alarm was sent',
    async run(world) {
      await as(world, 'seniorReviewer', async (session) => {
        await session.open('/lightning/o/MediaIncident__c/list');
        await session.sees(/IN-000001/);
        await session.open('/lightning/page/outbox');
        await session.sees(/compliance@mediaguard\.example/);
        await picture(world, session, 'outbox');
      });
    },
  },
  {
    name: 'The audit chain verifies',
    async run(world) {
      await as(world, 'auditor', async (session) => {
        await session.open('/lightning/n/MediaGuard_Audit');
        await session.page.getByRole('button', { name: 'Verify chain' }).click();
        await session.sees(/The chain is intact: \d+ entries checked\./);
        await picture(world, session, 'audit-chain');
      });
    },
  },
];
