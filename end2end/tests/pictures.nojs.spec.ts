// The main pages as pictures, in both themes and at two widths, beside those in end2end/pictures. Data and clock are the same each time:
// a demo of its own whose clock stands still, and no script that could move anything. Fonts are drawn a little differently from machine to
// machine, so the pictures are half as large as the pages, and a few pixels may differ; a thing that is missing or elsewhere is more.
// `npx playwright test pictures --project nojs --update-snapshots` makes them anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { type Server, start } from '../support/server';
import { expect, signInAs, plainTest as test } from '../support/test';

const CLOCK = '2026-11-22T12:00:00Z';
const pages: [string, string][] = [
  ['search', '/?q=CAFE&state=CA'],
  ['empty', '/?q=MAPLE&at=ends&state=CA&city=San+Francisco&strict=1'],
  ['buy', '/?q=FLOWERS&buy=%2B14153569377'],
  ['numbers', '/numbers'],
  ['board', '/board'],
  ['wallet', '/wallet'],
];
const sizes = { desktop: { width: 1440, height: 1000 }, phone: { width: 390, height: 844 } };
/** The phone has no layout of its own in the dark. */
const looks = [['desktop', 'light'], ['desktop', 'dark'], ['phone', 'light']] as const;

let server: Server;
let dataDir: string;
test.beforeAll(async () => {
  test.setTimeout(240_000);
  dataDir = mkdtempSync(join(tmpdir(), 'dialyard-pictures-'));
  server = await start(dataDir, ['--demo-clock', CLOCK]);
});
test.afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function opened(browser: Browser, viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({
    baseURL: server.url, javaScriptEnabled: false, viewport, deviceScaleFactor: 0.5, locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce',
  });
  return context.newPage();
}

for (const [size, colorScheme] of looks) {
  test(`${size}, ${colorScheme}`, async ({ browser }) => {
    test.setTimeout(90_000);
    const page = await opened(browser, sizes[size]);
    await page.emulateMedia({ colorScheme });
    await signInAs(page, server, 'mara');
    for (const [name, path] of pages) {
      await page.goto(path);
      await expect.soft(page).toHaveScreenshot(`${name}-${size}-${colorScheme}.png`, { scale: 'device', maxDiffPixelRatio: 0.015, threshold: 0.3 });
    }
    await page.context().close();
  });
}
