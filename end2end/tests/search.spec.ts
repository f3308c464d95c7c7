// Searching: matches, close ones, senseless filters, empty answers. Open to visitors.
import { expect, hydrated, open, test } from '../support/test';

test('a word marks its digits and says what it spells', async ({ page }) => {
  await open(page, '/?q=CAFE&at=ends');
  const first = page.getByRole('list', { name: 'Numbers that match everything' }).getByRole('listitem').first();
  await expect(first).toContainText('2233');
  await expect(first).toContainText('CAFE');
});

test('a filter that makes no sense is a message beside its field', async ({ page }) => {
  await open(page, '/?area=91');
  await expect(page.getByText(/three digits/i).first()).toBeVisible();
  await open(page, '/?max_monthly=cheap');
  await expect(page.getByText(/amount/i).first()).toBeVisible();
});

test('a narrow search shows close numbers and says what was relaxed', async ({ page }) => {
  await open(page, '/?q=FLOWERS&state=CA');
  await expect(page.getByRole('heading', { name: /^[1-9]\d? numbers? match/ })).toBeVisible();
  const close = page.getByRole('list', { name: 'Numbers that come close' });
  await expect(close.getByRole('listitem').first()).toContainText(/relaxed/);
});

test('an empty answer says which filter to drop', async ({ page }) => {
  await open(page, '/?q=FLOWERS&area=206&strict=1');
  await expect(page.getByText(/drop/i).first()).toBeVisible();
});

test('pages of results follow one another', async ({ page }) => {
  await open(page, '/?area=415&sort=number');
  const rows = page.getByRole('list', { name: 'Numbers that match everything' }).getByRole('listitem');
  await expect(rows).toHaveCount(20);
  const first = await rows.first().innerText();
  await page.getByRole('navigation', { name: 'Pages of results' }).getByRole('link', { name: /Next/ }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(rows.first()).not.toHaveText(first);
});

test('a visitor who wants to hold comes back to the same search', async ({ page, server }) => {
  await open(page, '/?q=PIZZA&at=ends');
  await page.getByRole('link', { name: /Sign in to hold/ }).first().click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  if (hydrated()) await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  const mara = server.demo.users.find((user) => user.email.startsWith('mara'))!;
  await page.getByLabel('Email').fill(mara.email);
  await page.getByLabel('Password', { exact: true }).fill(mara.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/q=PIZZA/);
  await expect(page.getByRole('button', { name: /^Hold \(/ }).first()).toBeVisible();
});
