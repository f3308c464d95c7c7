// On a phone: nothing scrolls sideways, axe finds nothing, and the main pages can be used.
import type { Page } from '@playwright/test';
import { accessibleInBothThemes, expect, fits, open, signInAs, signUp, test } from '../support/test';

const pages = ['/', '/?q=CAFE', '/numbers', '/board', '/wallet', '/wallet/statements', '/agents', '/sub-accounts', '/routes', '/team', '/settings', '/notices', '/audit', '/keys', '/webhooks', '/searches'];

async function opensWithin(page: Page, width: number, paths: string[]) {
  await page.setViewportSize({ width, height: 800 });
  for (const path of paths) {
    await open(page, path);
    await fits(page, path);
  }
}

for (const width of [412, 320]) {
  test(`no page scrolls sideways at ${width} px: full`, async ({ page, server }) => {
    await signInAs(page, server, 'mara');
    await opensWithin(page, width, pages);
    await page.goto('/numbers');
    const number = page.locator('a[href*="/numbers/"]').filter({ visible: true }).first();
    const href = (await number.getAttribute('href'))!;
    const statement = `/wallet/statements/${new Date().toISOString().slice(0, 7)}`;
    await opensWithin(page, width, [href, `${href}?release=1`, '/wallet?top_up=1', '/wallet?change=reload', statement, '/agents?new=1', '/searches?new=q%3DCAFE', '/?area=91', '/?q=CAFE&taken=%2B14153569377']);
  });

  test(`no page scrolls sideways at ${width} px: empty, the doors and the operator`, async ({ page, server }) => {
    await opensWithin(page, width, ['/', '/sign-in', '/sign-up', '/link/nothing', '/no-such-page']);
    await signInAs(page, server, 'dana', '/admin/cool-offs');
    await opensWithin(page, width, ['/admin', '/admin/cool-offs', '/admin/organizations', '/admin/revenue', '/admin/inventory', '/admin/inventory?new=1', '/admin/orders', '/admin/audit']);
    await page.context().clearCookies();
    await signUp(page, 'Empty');
    await opensWithin(page, width, pages);
  });
}

for (const half of [pages.slice(0, 6), pages.slice(6)]) {
  test(`axe finds nothing on ${half.join(' ')}`, async ({ page, server }) => {
    await signInAs(page, server, 'mara');
    for (const path of half) {
      await open(page, path);
      await accessibleInBothThemes(page, path);
    }
  });
}

test('a number is found and held', async ({ page, server }) => {
  await signInAs(page, server, 'priya');
  await open(page, '/?q=TAXI&at=ends');
  const hold = page.getByRole('button', { name: /^Hold \(/ }).first();
  await hold.click();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toBeVisible();
});
