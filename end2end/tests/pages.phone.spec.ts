// On a phone: nothing scrolls sideways, and the main pages can be used.
import { expect, open, signInAs, test } from '../support/test';

test('no page scrolls sideways, at 412 and at 320 px', async ({ page, server }) => {
  test.setTimeout(120_000);
  await signInAs(page, server, 'mara');
  for (const width of [412, 320]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/', '/?q=CAFE', '/numbers', '/board', '/wallet', '/agents', '/sub-accounts', '/team', '/audit']) {
      await open(page, path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, `${path} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test('a number is found and held', async ({ page, server }) => {
  await signInAs(page, server, 'priya');
  await open(page, '/?q=TAXI&at=ends');
  const hold = page.getByRole('button', { name: /^Hold \(/ }).first();
  await hold.click();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toBeVisible();
});
