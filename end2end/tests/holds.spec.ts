// Holds: the tray, giving back, lapsing, and a number that somebody else holds.
import { another, expect, hydrated, open, ready, signUp, test } from '../support/test';
import { startOnCopy } from '../support/server';

test('a hold is given back from the tray', async ({ page }) => {
  await signUp(page, 'Holder');
  await open(page, '/?area=503&sort=price');
  const hold = page.getByRole('button', { name: /^Hold \(503\)/ }).first();
  await hold.click();
  const tray = page.getByRole('region', { name: 'Numbers on hold' });
  await expect(tray).toContainText('(503)');
  await ready(page);
  await tray.getByRole('button', { name: /Give/ }).first().click();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toHaveCount(0);
});

test('a number that somebody else holds is refused with numbers that are free', async ({ page, browser, server }) => {
  await signUp(page, 'First');
  await open(page, '/?area=720&sort=price');
  const button = page.getByRole('button', { name: /^Hold \(720\)/ }).first();
  const name = (await button.getAttribute('aria-label'))!;
  const other = await another(browser, server);
  await signUp(other, 'Second');
  await open(other, '/?area=720&sort=price');
  await expect(other.getByRole('button', { name })).toBeVisible();
  await button.click();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toBeVisible();
  await other.getByRole('button', { name }).click();
  const dialog = other.getByRole('dialog');
  await expect(dialog).toContainText(/nothing was charged/i);
  await expect(dialog.getByRole('button', { name: /^Hold \(/ }).first()).toBeVisible();
  await other.context().close();
});

test('a hold that is taken in one tab appears in the other, and so does giving it back', async ({ page }) => {
  await signUp(page, 'Tabs');
  await open(page, '/?area=512&sort=number');
  const other = await page.context().newPage();
  await open(other, '/?area=512&sort=number');
  const hold = page.getByRole('button', { name: /^Hold \(512\)/ }).first();
  const number = (await hold.getAttribute('aria-label'))!.slice('Hold '.length);
  await hold.click();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toContainText(number);
  await ready(page);
  // Without a script a page is as it was when it came.
  if (!hydrated()) await other.reload();
  await expect(other.getByRole('region', { name: 'Numbers on hold' })).toContainText(number);
  await expect(other.getByRole('button', { name: `Release the hold on ${number}` })).toBeVisible();
  await ready(other);
  await other.getByRole('button', { name: `Release the hold on ${number}` }).click();
  await expect(other.getByRole('region', { name: 'Numbers on hold' })).toHaveCount(0);
  if (!hydrated()) await page.reload();
  await expect(page.getByRole('region', { name: 'Numbers on hold' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Hold ${number}` })).toBeVisible();
  await other.close();
});

test('a hold lapses and the number is free for others at once', async ({ page }) => {
  test.setTimeout(90_000);
  const short = await startOnCopy(['--hold-timeout-s', '4']);
  try {
    const mara = short.demo.users.find((user) => user.email.startsWith('mara'))!;
    const priya = short.demo.users.find((user) => user.email.startsWith('priya'))!;
    const base = short.url;
    await page.goto(`${base}/sign-in`);
    await ready(page);
    await page.getByLabel('Email').fill(mara.email);
    await page.getByLabel('Password', { exact: true }).fill(mara.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).not.toHaveURL(/sign-in/);
    await page.goto(`${base}/?area=650&sort=price`);
    await ready(page);
    const hold = page.getByRole('button', { name: /^Hold \(650\)/ }).first();
    const name = (await hold.getAttribute('aria-label'))!;
    await hold.click();
    await expect(page.getByRole('region', { name: 'Numbers on hold' })).toContainText('(650)');
    const held = page.getByRole('region', { name: 'Numbers on hold' }).getByRole('link', { name: /^Buy .*\(650\)/ });
    if (hydrated()) await expect(held).toHaveCount(0, { timeout: 15_000 });
    // The number is free again as soon as its time is over.
    await expect(async () => {
      await page.goto(`${base}/?area=650&sort=price`);
      await expect(page.getByRole('button', { name })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 15_000 });
    await page.context().clearCookies();
    await page.goto(`${base}/sign-in`);
    await ready(page);
    await page.getByLabel('Email').fill(priya.email);
    await page.getByLabel('Password', { exact: true }).fill(priya.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).not.toHaveURL(/sign-in/);
    await page.goto(`${base}/?area=650&sort=price`);
    await ready(page);
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('region', { name: 'Numbers on hold' })).toContainText('(650)');
  } finally {
    await short.stop();
  }
});
