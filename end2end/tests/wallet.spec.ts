// The wallet: statements to read and to download, a card that is saved and used, guard rails, and the operator's revenue.
import { readFile } from 'node:fs/promises';
import { type Page, expect, open, signInAs, signUp, test, topUp } from '../support/test';

/** What a link downloads, as text. */
async function downloaded(page: Page, name: string | RegExp): Promise<string> {
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name }).filter({ visible: true }).first().click();
  return readFile(await (await coming).path(), 'utf8');
}

/** Chooses one of the guard rails. */
async function change(page: Page, rail: string, fields: Record<string, string>, save: RegExp) {
  await page.getByRole('link', { name: `Change: ${rail}` }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: save }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('a month is read, and its lines are downloaded', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/wallet');
  await page.getByRole('link', { name: 'Statements' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Statements' })).toBeVisible();
  const row = page.getByRole('row').nth(2);
  const month = (await row.getByRole('link').first().textContent())!;
  const opening = (await row.getByRole('cell').first().textContent())!.replace(/^Opening/, '').trim();
  await row.getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1, name: `Statement, ${month}` })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText(opening);
  const lines = await page.getByRole('region', { name: 'Lines' }).getByRole('row').count();
  const table = await downloaded(page, 'CSV');
  expect(table.startsWith('\ufeffid,at,kind,amount,balanceAfter,currency')).toBe(true);
  expect(table.trim().split('\r\n')).toHaveLength(lines);
  // Paper has the statement and nothing around it.
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeHidden();
  await expect(page.getByRole('link', { name: 'CSV' })).toBeHidden();
  await expect(page.getByText('Closing balance')).toBeVisible();
});

test('the ledger is downloaded as it is filtered', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/wallet?kind=topup');
  const table = await downloaded(page, 'CSV');
  const kinds = new Set(table.trim().split('\r\n').slice(1).map((line) => line.split(',')[2]));
  expect([...kinds]).toEqual(['topup']);
});

test('a card is saved with a top-up, auto-reload is switched on, and the card is forgotten', async ({ page }) => {
  await signUp(page, 'Card');
  await open(page, '/wallet?top_up=1');
  await page.getByRole('textbox', { name: 'Amount' }).fill('5');
  await page.getByLabel(/^Save this card/).check();
  await page.getByRole('dialog').getByRole('button', { name: /^Top up/ }).click();
  await expect(page).toHaveURL(/topped_up=1/);
  await open(page, '/wallet');
  await expect(page.getByText('Off. A card is saved for it.')).toBeVisible();
  await change(page, 'Auto-reload', { 'When less than this is available': '10', 'Add this much': '30' }, /^Save auto-reload/);
  await expect(page.getByText('Adds $30.00 when less than $10.00 is available')).toBeVisible();
  await page.getByRole('link', { name: 'Change: Auto-reload' }).click();
  await page.getByRole('button', { name: 'Forget the card' }).click();
  await expect(page.getByText(/once a card is saved/)).toBeVisible();
});

test('alert and budget are chosen, and a wrong amount is said in its place', async ({ page }) => {
  await signUp(page, 'Rails');
  await topUp(page, '20');
  await open(page, '/wallet');
  await change(page, 'Low-balance alert', { 'Tell them below': '15' }, /^Save the alert/);
  await expect(page.getByText('Below $15.00, to your webhooks')).toBeVisible();
  await change(page, 'Monthly budget', { 'At most, a month': '120' }, /^Save the budget/);
  await expect(page.getByText(/cost \$0\.00 of \$120\.00 a month/)).toBeVisible();
  await page.getByRole('link', { name: 'Change: Monthly budget' }).click();
  await page.getByRole('dialog').getByLabel('At most, a month').fill('much');
  await page.getByRole('dialog').getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByRole('dialog').getByText(/Write an amount such as 120/)).toBeVisible();
});

test('the days ahead are chosen and can be read as a table', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/wallet');
  await expect(page.getByRole('heading', { name: 'The next 60 days' })).toBeVisible();
  await page.getByRole('navigation', { name: 'How far ahead, in days' }).getByRole('link', { name: '90 days' }).click();
  await expect(page.getByRole('heading', { name: 'The next 90 days' })).toBeVisible();
  await page.getByText('Day by day').click();
  await expect(page.getByRole('table', { name: /Days with renewals/ })).toBeVisible();
});

test('the operator reads revenue and gives promotional credit', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/organizations');
  await page.getByRole('row', { name: /Northwind|Brightline/ }).first().getByRole('link', { name: /^Adjust/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Promotional credit/).check();
  await dialog.getByLabel('Amount').fill('3');
  await dialog.getByLabel(/^Reason/).fill('Welcome to the new plan');
  await dialog.getByRole('button', { name: 'Adjust the wallet' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await open(page, '/admin/revenue');
  await expect(page.getByRole('heading', { name: /^Earned/ })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'Promotional credit' }).first()).toBeVisible();
  await page.getByLabel('From').fill('2026-13');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByText('Write a month such as 2026-11.')).toBeVisible();
  await expect(page.getByLabel('From')).toHaveAttribute('aria-invalid', 'true');
});
