/** The shell in a real browser: a small app of a fixture project, built with the real base components. */
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import path from 'node:path';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser/launch.js';
import { lightningBundle } from '../../src/lightning/build/lightning-bundle.js';
import { lightningRoutes } from '../../src/lightning/server/routes.js';
import { orgNames } from '../../src/org/org-names.js';
import { PlatformError, type Json } from '../../src/org/contracts.js';
import { createApp } from '../../src/rest/app.js';
import { smallOrg, type SmallOrg } from '../support/small-org.js';

const FILES = {
  'applications/Demo.app-meta.xml': `<CustomApplication xmlns="http://soap.sforce.com/2006/04/metadata">
    <label>Demo App</label><description>An app</description><tabs>Greetings</tabs><tabs>standard-Account</tabs></CustomApplication>`,
  'tabs/Greetings.tab-meta.xml': `<CustomTab xmlns="http://soap.sforce.com/2006/04/metadata">
    <flexiPage>Greetings</flexiPage><label>Greetings</label><motif>Custom53: Bell</motif></CustomTab>`,
  'flexipages/Greetings.flexipage-meta.xml': `<FlexiPage xmlns="http://soap.sforce.com/2006/04/metadata">
    <flexiPageRegions><itemInstances><componentInstance>
      <componentInstanceProperties><name>heading</name><value>Hello there</value></componentInstanceProperties>
      <componentName>c:greeting</componentName></componentInstance></itemInstances>
    <itemInstances><componentInstance><componentName>flexipage:richText</componentName>
      <componentInstanceProperties><name>richTextValue</name><value>Only for nobody</value></componentInstanceProperties>
      <visibilityRule><criteria><leftValue>{!$Permission.CustomPermission.Nobody}</leftValue><operator>EQUAL</operator><rightValue>true</rightValue></criteria></visibilityRule>
      </componentInstance></itemInstances>
    <name>main</name><type>Region</type></flexiPageRegions>
    <masterLabel>Greetings</masterLabel><template><name>flexipage:defaultAppHomeTemplate</name></template><type>AppPage</type></FlexiPage>`,
  'labels/CustomLabels.labels-meta.xml': `<CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata"><labels>
    <fullName>Greet</fullName><language>en_US</language><protected>false</protected><shortDescription>Greet</shortDescription><value>Greet them</value></labels></CustomLabels>`,
  'lwc/greeting/greeting.js': `import { LightningElement, api, wire } from 'lwc';
    import { ShowToastEvent } from 'lightning/platformShowToastEvent';
    import { refreshApex } from '@salesforce/apex';
    import greet from '@salesforce/apex/Greeter.greet';
    import names from '@salesforce/apex/Greeter.names';
    import GREET from '@salesforce/label/c.Greet';
    export default class Greeting extends LightningElement {
      @api heading; label = GREET; wired; columns = [{ label: 'Name', fieldName: 'name' }];
      @wire(names, { prefix: 'A' }) take(value) { this.wired = value; }
      get rows() { return this.wired?.data ?? []; }
      async handleClick() {
        try {
          const message = await greet({ name: this.template.querySelector('lightning-input').value });
          this.dispatchEvent(new ShowToastEvent({ title: message, variant: 'success' }));
          await refreshApex(this.wired);
        } catch (error) { this.dispatchEvent(new ShowToastEvent({ title: error.body.message, variant: 'error' })); }
      } }`,
  'lwc/greeting/greeting.html': `<template><lightning-card title={heading}><div class="slds-p-around_medium">
    <lightning-input label="Name"></lightning-input>
    <lightning-button label={label} variant="brand" onclick={handleClick}></lightning-button>
    <lightning-datatable key-field="name" data={rows} columns={columns} hide-checkbox-column></lightning-datatable>
    </div></lightning-card></template>`,
  'lwc/greeting/greeting.js-meta.xml': `<LightningComponentBundle xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>65.0</apiVersion><isExposed>true</isExposed></LightningComponentBundle>`,
};

const PICTURES = path.resolve('../.local-org/screenshots');

describe('the Lightning pages', () => {
  let org: SmallOrg;
  let server: Server;
  let browser: Browser;
  let page: Page;
  let url: string;
  const greeted: string[] = ['Ada'];
  const problems: string[] = [];

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    org = smallOrg({
      files: FILES,
      aura: {
        'Greeter.greet': (_tx, { name }): Json => {
          if (typeof name !== 'string' || name === '')
            throw new PlatformError('INVALID_INPUT', 'Say a name.', 'AuraHandledException');
          greeted.push(name);
          return `Hello ${name}`;
        },
        'Greeter.names': (_tx, { prefix }): Json =>
          greeted
            .filter((name) => name.startsWith(typeof prefix === 'string' ? prefix : ''))
            .map((name) => ({ name })),
      },
    });
    const bundle = await lightningBundle({
      project: org.project,
      names: orgNames(org),
      cacheFolder: path.resolve('../.local-org/cache'),
    });
    const app = createApp({
      org,
      log: pino({ level: 'silent' }),
      lightning: lightningRoutes(bundle),
    });
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(url);
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.waitForURL('**/lightning/**');
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    org?.close();
  });

  it('shows an app page with its component, its property and its label', async () => {
    await page.goto(`${url}/lightning/n/Greetings`);

    await page.getByRole('heading', { name: 'Hello there' }).waitFor();
    await page.getByRole('button', { name: 'Greet them' }).waitFor();
    expect(await page.getByText('Only for nobody').count()).toBe(0);
    await page.screenshot({ path: path.join(PICTURES, 'app-page.png') });
  });

  it('calls Apex, shows the toast and refreshes the wire', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Alan');
    await page.getByRole('button', { name: 'Greet them' }).click();

    await page.getByText('Hello Alan').waitFor();
    await page
      .getByRole('gridcell', { name: 'Alan' })
      .or(page.getByRole('rowheader', { name: 'Alan' }))
      .waitFor();
  });

  it('shows what Apex refused', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('');
    await page.getByRole('button', { name: 'Greet them' }).click();

    await page.getByText('Say a name.').waitFor();
  });

  it('creates a record and opens its page', async () => {
    await page.goto(`${url}/lightning/o/Account/list`);
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await page.locator('lightning-modal-body lightning-input-field input').first().fill('Acme');
    await page.screenshot({ path: path.join(PICTURES, 'new-record.png') });
    await page.getByRole('button', { name: 'Save' }).click();

    await page.waitForURL('**/lightning/r/Account/*/view');
    await page.locator('.slds-page-header__title', { hasText: 'Acme' }).waitFor();
    await page.screenshot({ path: path.join(PICTURES, 'record-page.png') });
  });

  it('raises no error in the page', () => {
    expect(problems).toEqual([]);
  });
});
