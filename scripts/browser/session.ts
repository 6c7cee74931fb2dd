import type { Browser, Page } from 'playwright-core';

import { PASSWORD } from '../demo/setup.js';

const VIEWPORT = { width: 1366, height: 900 };

/** One person at one browser window. */
export class Session {
  private constructor(
    readonly page: Page,
    private readonly orgUrl: string,
    /** Errors of the page itself; a page that works has none. */
    readonly pageErrors: string[],
  ) {}

  static async logIn(browser: Browser, orgUrl: string, username: string): Promise<Session> {
    const context = await browser.newContext({ viewport: VIEWPORT, acceptDownloads: true });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const pageErrors: string[] = [];
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.goto(`${orgUrl}/login`);
    await page.fill('input[name=username]', username);
    await page.fill('input[name=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    return new Session(page, orgUrl, pageErrors);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.orgUrl}${path}`);
  }

  /** Waits until a text is visible somewhere on the page. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Waits for an error toast and gives its text. */
  async refusal(): Promise<string> {
    const toast = this.page.locator('.slds-notify_toast').first();
    await toast.waitFor();
    return (await toast.innerText()).replace(/\s+/g, ' ');
  }

  async screenshot(path: string): Promise<void> {
    // Let spinners end and pictures appear: a still picture is all a reader gets.
    await this.page.waitForTimeout(1_000);
    await this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
