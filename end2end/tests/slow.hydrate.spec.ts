// A slow network: the page is there before its program, a press counts once however often it is made, and the last answer wins.
import { expect, open, ready, signUp, test } from '../support/test';

test('before its program has come the page shows rows and its links and forms work', async ({ page }) => {
  test.setTimeout(90_000);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 64_000, uploadThroughput: 32_000 });
  await page.goto('/?q=CAFE&at=ends', { waitUntil: 'commit' });
  await expect(page.getByRole('list', { name: 'Numbers that match everything' }).getByRole('listitem').first()).toBeVisible();
  await expect(page.locator('html[data-hydrated]')).toHaveCount(0);
  await page.getByRole('searchbox').fill('PIZZA');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/q=PIZZA/);
  await expect(page.getByRole('heading', { name: /numbers? match/ })).toBeVisible();
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await ready(page);
  await expect(page.getByRole('searchbox')).toHaveValue('PIZZA');
});

test('a press that takes long is made once', async ({ page }) => {
  await signUp(page, 'Patient');
  await open(page, '/?area=904&sort=number');
  let asked = 0;
  await page.route('**/rpc/holds/create', async (route) => {
    asked += 1;
    await new Promise((next) => setTimeout(next, 1_500));
    await route.continue();
  });
  const hold = page.getByRole('button', { name: /^Hold \(904\)/ }).first();
  const name = (await hold.getAttribute('aria-label'))!;
  const pressed = page.getByRole('button', { name });
  await pressed.dblclick();
  await expect(pressed).toBeDisabled();
  await expect(page.getByRole('button', { name: name.replace('Hold', 'Release the hold on') })).toBeVisible();
  expect(asked, 'holds asked for').toBe(1);
});

test('of two answers that overtake each other the later question\u2019s is shown', async ({ page }) => {
  await open(page, '/?at=ends');
  await page.route('**/rpc/search/rows**', async (route) => {
    const late = route.request().url().includes('=PIZZA');
    await new Promise((next) => setTimeout(next, late ? 2_000 : 50));
    await route.continue().catch(() => undefined);
  });
  const box = page.getByRole('searchbox');
  await box.fill('PIZZA');
  await page.waitForRequest(/rpc\/search\/rows.*PIZZA/);
  await box.fill('CAFE');
  const first = page.getByRole('list', { name: 'Numbers that match everything' }).getByRole('listitem').first();
  await expect(first).toContainText('CAFE');
  await page.waitForTimeout(2_500);
  await expect(first).toContainText('CAFE');
  await expect(page).toHaveURL(/q=CAFE/);
});
