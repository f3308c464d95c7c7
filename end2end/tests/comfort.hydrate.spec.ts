// For those who see and move differently: twice the size, and no motion. What is narrow is in pages.phone.spec.ts.
import { expect, fits, open, signInAs, test } from '../support/test';

const pages = ['/', '/?q=CAFE&state=CA', '/numbers', '/board', '/wallet', '/agents', '/sub-accounts', '/keys', '/settings', '/searches'];

test.describe('at 200 %', () => {
  // A window of 1,280 × 900 at 200 % has room for half of both.
  test.use({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });

  test('nothing scrolls sideways and the purpose of each page is in sight', async ({ page, server }) => {
    test.setTimeout(120_000);
    await signInAs(page, server, 'mara');
    for (const path of pages) {
      await open(page, path);
      await fits(page, `${path} at 200 %`);
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    }
    await open(page, '/?q=CAFE');
    await page.getByRole('region', { name: 'Results' }).getByRole('link', { name: /^Buy \(/ }).first().click();
    const buy = page.getByRole('dialog').getByRole('button', { name: /^Buy/ });
    await buy.scrollIntoViewIfNeeded();
    await expect(buy).toBeInViewport();
    await fits(page, 'the buy dialog at 200 %');
  });
});

test('with reduced motion nothing moves', async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await signInAs(page, server, 'mara');
  for (const path of ['/?q=CAFE', '/?q=CAFE&taken=%2B14153569377', '/board', '/numbers']) {
    await open(page, path);
    const moving = await page.evaluate(() => {
      const longest = (times: string) => Math.max(...times.split(',').map((time) => (time.trim().endsWith('ms') ? Number.parseFloat(time) : Number.parseFloat(time) * 1_000)));
      const faults = new Set<string>();
      for (const element of document.querySelectorAll('*')) {
        for (const pseudo of [null, '::before', '::after']) {
          const { transitionDuration, animationName, animationDuration } = getComputedStyle(element, pseudo);
          const moves = longest(transitionDuration) > 10 || (animationName !== 'none' && longest(animationDuration) > 10);
          if (moves) faults.add(`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}${pseudo ?? ''}`);
        }
      }
      return [...faults];
    });
    expect(moving, `${path} with reduced motion`).toEqual([]);
  }
});
