// Keys from their first secret to their end: made, used by a program, made anew, revoked. Each time a program tries them over HTTP.
import { accessibleInBothThemes, expect, hydrated, open, ready, signUp, test } from '../support/test';
import type { Page } from '@playwright/test';

/** What the API says to a program with this secret. */
async function status(url: string, secret: string, path = '/numbers'): Promise<number> {
  return (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })).status;
}

async function shownSecret(page: Page): Promise<string> {
  const field = page.getByRole('textbox', { name: 'Secret of Reporting' });
  await expect(field).toHaveValue(/^dy_sk_[0-9a-f]{64}$/);
  return field.inputValue();
}

test('a key: made, used, made anew, revoked', async ({ page, server }) => {
  await signUp(page, 'Keys');
  await open(page, '/keys');
  await expect(page.getByText('No keys yet')).toBeVisible();

  await page.getByRole('link', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Reporting');
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await expect(dialog).toContainText('Choose at least one');
  if (hydrated()) await accessibleInBothThemes(page, 'a key without a scope');
  await ready(page);
  await dialog.getByLabel('Name').fill('Reporting');
  await dialog.getByRole('checkbox', { name: /numbers:read/ }).check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  const first = await shownSecret(page);
  expect(await status(server.url, first)).toBe(200);
  expect(await status(server.url, first, '/billing/wallet'), 'a scope that it lacks').toBe(403);

  await open(page, '/keys');
  await expect(page.getByRole('textbox', { name: /Secret/ }), 'a secret is shown once').toHaveCount(0);
  const row = page.getByRole('row', { name: /Reporting/ });
  await expect(row).toContainText('numbers:read');
  await expect(row.getByText('Never'), 'it was used').toHaveCount(0);

  await row.getByRole('link', { name: 'New secret for Reporting' }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: /Accept the old secret/ }).uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
  const second = await shownSecret(page);
  expect(second).not.toBe(first);
  expect(await status(server.url, second)).toBe(200);
  await expect.poll(() => status(server.url, first), { message: 'the old secret ends within a second', timeout: 2_000 }).toBe(401);

  await page.getByRole('link', { name: 'Revoke Reporting' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click();
  await expect(page.getByText('No keys yet')).toBeVisible();
  await expect.poll(() => status(server.url, second), { message: 'a revoked key ends within a second', timeout: 2_000 }).toBe(401);
});
