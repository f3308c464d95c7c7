// The main flows with the keyboard alone: nothing here touches a mouse, and focus is moved by Tab only.
import type { Locator, Page } from '@playwright/test';
import { expect, open, ready, signInAs, signUp, test } from '../support/test';

/** Tabs until the target has the focus. */
async function reach(page: Page, target: Locator, most = 250) {
  await expect(target).toBeVisible();
  for (let step = 0; step < most; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} is not reached by ${most} presses of Tab`);
}

/** Tabs to the target and presses it. */
async function press(page: Page, target: Locator, key = 'Enter') {
  await reach(page, target);
  await page.keyboard.press(key);
}

test('sign in, find, hold, extend, buy', async ({ page, server }) => {
  test.setTimeout(90_000);
  const mara = server.demo.users.find((user) => user.email.startsWith('mara'))!;
  await open(page, '/sign-in');
  await reach(page, page.getByLabel('Email'));
  await page.keyboard.type(mara.email);
  await reach(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(mara.password);
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/sign-in/);
  await ready(page);

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('PIZZA');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=PIZZA/);
  const hold = page.getByRole('button', { name: /^Hold \(/ }).first();
  await expect(page.getByRole('heading', { name: /numbers? match/ })).toBeVisible();
  const name = (await hold.getAttribute('aria-label'))!.slice('Hold '.length);
  await press(page, page.getByRole('button', { name: `Hold ${name}` }));
  const release = page.getByRole('button', { name: `Release the hold on ${name}` });
  await expect(release).toBeFocused();

  const left = page.getByRole('region', { name: 'Numbers on hold' }).getByRole('timer').first();
  await expect(async () => {
    await page.keyboard.press('e');
    await expect(left).toContainText(/^(59|1:00)/, { timeout: 1_500 });
  }, 'E extends the hold as soon as it may be').toPass();

  await press(page, page.getByRole('region', { name: 'Results' }).getByRole('link', { name: `Buy ${name}` }));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await press(page, dialog.getByRole('button', { name: /^Buy/ }));
  await expect(page.getByText(`${name} is yours`)).toBeVisible();
});

test('assign, label, release with its digits, undo', async ({ page, server }) => {
  test.setTimeout(90_000);
  await signInAs(page, server, 'mara', '/numbers?chip=free');
  const link = page.getByRole('row').nth(1).getByRole('link').first();
  const digits = (await link.innerText()).replace(/\D/g, '').slice(-4);
  await press(page, link);
  await expect(page.getByRole('heading', { name: 'Who answers' })).toBeVisible();
  const number = page.url();

  await open(page, `${new URL(number).pathname}?agent=1`);
  await reach(page, page.getByLabel('Agent'));
  await page.keyboard.type('Front');
  await press(page, page.getByRole('button', { name: /^Let it answer/ }));
  await expect(page.getByRole('region', { name: 'Who answers' })).toContainText('Front desk');
  await press(page, page.getByRole('button', { name: 'Unassign', exact: true }));
  await expect(page.getByRole('button', { name: 'Unassign', exact: true })).toHaveCount(0);

  await press(page, page.getByRole('link', { name: /^Release/ }).first());
  const dialog = page.getByRole('dialog');
  await reach(page, dialog.getByRole('textbox'));
  await page.keyboard.type(digits);
  await press(page, dialog.getByRole('button', { name: /^Release/ }));
  await press(page, page.getByRole('button', { name: 'Undo the release' }));
  await expect(page.getByRole('button', { name: 'Undo the release' })).toHaveCount(0);
});

test('keys go to pages, a dialog keeps the focus and Escape gives it back', async ({ page }) => {
  await signUp(page, 'Keys');
  await open(page, '/');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(page).toHaveURL(/\/board/);
  await open(page, '/agents');
  const create = page.getByRole('link', { name: 'Create an agent' }).first();
  await press(page, create);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement?.closest('dialog'));
    expect(outside, 'focus left the dialog for the page').toBe(false);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(create).toBeFocused();
});

test('save a search and open it again', async ({ page }) => {
  await signUp(page, 'Keeper');
  await open(page, '/?q=TAXI&at=ends');
  await press(page, page.getByRole('link', { name: 'Save', exact: true }));
  await reach(page, page.getByLabel('Name'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Cabs');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('link', { name: 'Cabs' }));
  await expect(page).toHaveURL(/q=TAXI&at=ends/);
});
