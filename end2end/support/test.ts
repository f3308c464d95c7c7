// The test that all files use: a server for each worker, pages that fail on console errors, and people to act as.
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type Page, expect, test as base } from '@playwright/test';
import { type Server, startOnCopy } from './server';

type Fixtures = { baseURL: string; watched: void };
type WorkerFixtures = { server: Server };

/** For what no browser is needed for: just the worker's server. */
export const plainTest = base.extend<object, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await startOnCopy();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

export const test = plainTest.extend<Fixtures>({
  baseURL: async ({ server }, use) => use(server.url),
  // An error that a page throws or prints fails its test. A refused write answers 4xx, which the browser prints; that is no fault.
  watched: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/Failed to load resource: the server responded with a status of 4/.test(message.text())) faults.push(message.text());
      });
      await use();
      expect(faults, 'errors in the browser').toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

/** Whether the project runs with JavaScript. */
export function hydrated(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Opens a path and waits until the page can be used: hydrated where there is JavaScript. */
export async function open(page: Page, path: string) {
  await page.goto(path);
  await ready(page);
}

/** Waits for hydration where there is JavaScript. */
export async function ready(page: Page) {
  if (hydrated()) await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Signs in through the page. */
export async function signIn(page: Page, email: string, password: string, next = '/') {
  await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
  await ready(page);
}

/** Signs in as one of the demo's people, by the beginning of the address. */
export async function signInAs(page: Page, server: Server, who: string, next = '/') {
  const user = server.demo.users.find((user) => user.email.startsWith(who));
  if (!user) throw new Error(`no demo user ${who}`);
  await signIn(page, user.email, user.password, next);
}

let made = 0;
/** Makes an organization of the test's own and leaves the page signed in as its owner. */
export async function signUp(page: Page, name = 'Test'): Promise<string> {
  made += 1;
  const email = `${name.toLowerCase()}-${test.info().workerIndex}-${Date.now()}-${made}@example.com`;
  await open(page, '/sign-up');
  await page.getByLabel('Organization').fill(`${name} ${made}`);
  await page.getByLabel('Your name').fill(`${name} Person`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret');
  await page.getByRole('button', { name: /Create/ }).click();
  await expect(page).not.toHaveURL(/\/sign-up/);
  await ready(page);
  return email;
}

/** Tops up the wallet through its page. */
export async function topUp(page: Page, amount: string) {
  await open(page, '/wallet?top_up=1');
  await page.getByRole('textbox', { name: 'Amount' }).fill(amount);
  await page.getByRole('dialog').getByRole('button', { name: /^Top up/ }).click();
  await expect(page).toHaveURL(/topped_up=1/);
}

/** Another person with a browser context of their own, under the same settings. */
export async function another(browser: Browser, server: Server): Promise<Page> {
  const use = test.info().project.use;
  const context = await browser.newContext({
    baseURL: server.url, javaScriptEnabled: use.javaScriptEnabled, viewport: use.viewport, locale: use.locale, timezoneId: use.timezoneId,
  });
  return context.newPage();
}

/** Nothing on the page lies beyond its right edge. */
export async function fits(page: Page, path: string) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${path} at ${page.viewportSize()!.width} px`).toBeLessThanOrEqual(0);
}

/** The first number of an area code that can be held, as people read it, and its address in forms and URLs. */
export async function firstFree(page: Page, area: string): Promise<{ formatted: string; e164: string }> {
  await open(page, `/?area=${area}&sort=number`);
  const label = await page.getByRole('button', { name: new RegExp(`^Hold \\(${area}\\)`) }).first().getAttribute('aria-label');
  const formatted = label!.slice('Hold '.length);
  return { formatted, e164: `+1${formatted.replace(/\D/g, '')}` };
}

/** The only rules that another theme can change: everything else about a page is the same in both. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** Whether a target is too small where it is in full view: at the edge of what scrolls, or under a bar, half of it may be hidden. */
async function isSmall(page: Page, target: string): Promise<boolean> {
  await page.locator(target).evaluate((element) => element.scrollIntoView({ block: 'center', inline: 'center' }));
  const results = await new AxeBuilder({ page }).setLegacyMode(true).include(target).withRules(['target-size']).analyze();
  return results.violations.length > 0;
}

/** axe finds nothing on the page as it stands, in the theme it has. */
export async function accessible(page: Page, what: string, rules?: string[]) {
  // Without frames there is nothing that needs a page of axe's own for each run.
  // Who speaks to the page says what they see on a button, so its name must hold that; and a target is at least 24 pixels, or has room around it.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ rules: { 'label-content-name-mismatch': { enabled: true }, 'target-size': { enabled: true } } });
  const results = await (rules ? axe.withRules(rules) : axe).analyze();
  const faults: string[] = [];
  for (const { id, nodes } of results.violations) {
    for (const node of nodes) {
      const target = node.target.join(' ');
      if (id !== 'target-size' || (await isSmall(page, target))) faults.push(`${id}: ${target}: ${node.failureSummary}`);
    }
  }
  expect(faults, what).toEqual([]);
}

/** axe finds nothing on the page in the dark theme, and none of its colours is at fault in the light one. */
export async function accessibleInBothThemes(page: Page, what: string) {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await accessible(page, `${what}, dark`);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await accessible(page, `${what}, light`, rulesOfColour);
}
