// axe finds nothing on any page, in both themes, with the demo's data.
import { accessible, expect, open, signInAs, test } from '../support/test';

const pages = ['/', '/?q=CAFE', '/?q=FLOWERS&area=206&strict=1', '/?area=91', '/numbers', '/numbers?import=1', '/board', '/wallet', '/wallet?top_up=1', '/agents', '/agents?new=1', '/sub-accounts', '/sub-accounts?new=1', '/team', '/audit'];

for (const theme of ['light', 'dark'] as const) {
  test(`a customer's pages, ${theme}`, async ({ page, server }) => {
    test.setTimeout(150_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await signInAs(page, server, 'mara');
    for (const path of pages) {
      await open(page, path);
      await accessible(page, `${path}, ${theme}`);
    }
    await open(page, '/numbers');
    const number = page.getByRole('row').nth(1).getByRole('link').first();
    const href = (await number.getAttribute('href'))!;
    await open(page, href);
    await accessible(page, `${href}, ${theme}`);
    await open(page, `${href}?release=1`);
    await accessible(page, `${href}?release=1, ${theme}`);
  });

  test(`the operator's pages and the doors, ${theme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const path of ['/sign-in', '/sign-up', '/link/nothing', '/no-such-page', '/']) {
      await open(page, path);
      await accessible(page, `${path}, ${theme}`);
    }
    await signInAs(page, server, 'dana', '/admin/cool-offs');
    for (const path of ['/admin/cool-offs', '/admin/audit']) {
      await open(page, path);
      await accessible(page, `${path}, ${theme}`);
    }
    await page.getByRole('heading', { level: 1 }).waitFor();
    await open(page, '/admin/cool-offs');
    await page.getByRole('link', { name: /^Override the cool-off/ }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await accessible(page, `the override dialog, ${theme}`);
  });
}
