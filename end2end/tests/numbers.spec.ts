// The list of numbers: what has drifted, several numbers at once with their preview and their outcome, and tags. With and without
// JavaScript the same pages; only the way to the preview differs, because only a script floats a bar.
import type { Page } from '@playwright/test';
import { accessibleInBothThemes, expect, hydrated, open, signInAs, test } from '../support/test';

test.describe.configure({ timeout: 90_000 });

/** axe, which needs scripts itself. */
async function checked(page: Page, what: string) {
  if (hydrated()) await accessibleInBothThemes(page, what);
}

/** Ticks rows and opens the preview of a work. */
async function work(page: Page, rows: string[], name: RegExp) {
  for (const row of rows) await page.getByRole('checkbox', { name: `Select ${row}` }).check();
  if (hydrated()) {
    await page.getByRole('region', { name: 'Selected numbers' }).getByRole('link', { name }).click();
  } else {
    await page.getByRole('form', { name: 'Ticked numbers' }).getByRole('button', { name }).click();
  }
  await expect(page.getByRole('dialog')).toBeVisible();
}

/** The first numbers of the list, as people read them. */
async function listed(page: Page, count: number): Promise<string[]> {
  const texts = await page.locator('.numbers-table tbody .number-link').allInnerTexts();
  return texts.slice(0, count).map((text) => text.match(/\(\d{3}\)\s*\d{3}-\d{4}/)![0].replace(/\s+/, ' '));
}

test('the drift line counts all numbers and leads to them', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/numbers?q=nothing+like+it');
  const drift = page.getByRole('region', { name: 'Drift check' });
  await expect(drift).toContainText(/\d+ needs? a look/);
  await drift.getByRole('link', { name: /draft/ }).click();
  await expect(page).toHaveURL(/drift=draft_agent/);
  await expect(page.locator('.numbers-table tbody tr').first()).toContainText('draft, not published');
  await page.getByRole('link', { name: 'Show all numbers' }).click();
  await expect(page).not.toHaveURL(/drift=/);
  await checked(page, 'the list with its drift line');
  await page.getByRole('region', { name: 'Drift check' }).getByRole('link', { name: 'Dismiss' }).click();
  await expect(page.getByRole('region', { name: 'Drift check' })).toHaveCount(0);
});

test('several numbers are labelled after a preview, and each has an outcome', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/numbers?sort=number&chip=free');
  const rows = await listed(page, 3);
  await work(page, rows, /^Label/);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'What becomes of each number' }).getByRole('listitem')).toHaveCount(3);
  await checked(page, 'the preview of several numbers');
  await dialog.getByLabel('Label').fill('Autumn campaign');
  await dialog.getByRole('button', { name: 'Label 3 numbers' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const outcome = page.getByRole('region', { name: 'What was done' });
  await expect(outcome).toContainText('3 of 3 labelled.');
  await expect(page.getByText('Autumn campaign')).toHaveCount(3);
  await checked(page, 'the outcome of several numbers');
  await outcome.getByRole('link', { name: 'Close what was done' }).click();
  await expect(outcome).toHaveCount(0);
  await expect(page).toHaveURL(/chip=free/);
});

test('what would be refused is said before, and the others are released', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/numbers?sort=number');
  // A number in a sub-account and one in the pool.
  await open(page, '/numbers?sort=number&chip=sub_account');
  const [inside] = await listed(page, 1);
  await open(page, '/numbers?sort=number&chip=free');
  const pool = (await listed(page, 12)).at(-1)!;
  await open(page, '/numbers?sort=number');
  await work(page, [inside!, pool], /^Release/);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('One of them would be refused');
  await expect(dialog.getByRole('listitem').filter({ hasText: inside! })).toContainText('Would be refused');
  await dialog.getByLabel('Type 1 to release it').fill('1');
  await dialog.getByRole('button', { name: 'Release 1 number' }).click();
  const outcome = page.getByRole('region', { name: 'What was done' });
  await expect(outcome).toContainText('1 of 2 released.');
  await expect(outcome.getByRole('listitem').filter({ hasText: inside! })).toContainText('Refused, nothing was changed.');
  await open(page, '/numbers?chip=released');
  await page.getByRole('button', { name: `Undo the release of ${pool}` }).click();
  await expect(page.getByRole('button', { name: `Undo the release of ${pool}` })).toHaveCount(0);
});

test('a tag is written once, shown in its column, and filters the list', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/numbers?sort=number&chip=agent');
  const rows = await listed(page, 2);
  await work(page, rows, /^Tag/);
  const tag = hydrated() ? 'north' : 'south';
  await page.getByRole('dialog').getByLabel('Tag').fill(tag);
  await page.getByRole('dialog').getByRole('button', { name: 'Tag 2 numbers' }).click();
  await expect(page.getByRole('region', { name: 'What was done' })).toContainText('2 of 2 tagged.');
  await expect(page.getByRole('columnheader', { name: 'Tags' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Filter by tag' }).getByRole('link', { name: new RegExp(`^${tag}`) }).click();
  await expect(page).toHaveURL(new RegExp(`tag=${tag}`));
  await expect(page.locator('.numbers-table tbody tr')).toHaveCount(2);
});

test('several numbers are moved to an agent that is chosen first', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/numbers?sort=number&chip=free');
  const rows = await listed(page, 2);
  await work(page, rows, /^Move/);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('link', { name: /Night line/ }).click();
  await expect(dialog).toContainText('Night line becomes its agent.');
  await dialog.getByRole('button', { name: 'Move 2 numbers' }).click();
  await expect(page.getByRole('region', { name: 'What was done' })).toContainText('2 of 2 moved.');
  await open(page, '/numbers?chip=agent&sort=number');
  await work(page, rows, /^Unassign/);
  await page.getByRole('dialog').getByRole('button', { name: 'Unassign 2 numbers' }).click();
  await expect(page.getByRole('region', { name: 'What was done' })).toContainText('2 of 2 without an agent.');
});
