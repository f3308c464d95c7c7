// Saved searches: kept under a name, listed with what matches now, opened again as they were, and forgotten.
import { expect, open, ready, signUp, test } from '../support/test';

test('a search is saved, opened again and deleted', async ({ page }) => {
  await signUp(page, 'Keeper');
  await open(page, '/?q=CAFE&at=ends&state=CA&features=voice&features=sms&sort=price');
  const total = (await page.getByRole('heading', { name: /numbers? match/ }).innerText()).match(/[\d,]+/)![0];
  await page.getByRole('link', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'What it asks for' })).toContainText('California');
  await expect(dialog.getByLabel('Name')).toHaveValue(/^CAFE at the end, California/);
  await ready(page);
  await dialog.getByLabel('Name').fill('Cafés of the coast, with a name that is as long as a name of a search may be');
  await dialog.getByRole('button', { name: 'Save the search' }).click();

  const row = page.getByRole('row').filter({ hasText: 'Cafés of the coast' });
  await expect(row).toContainText(total);
  await expect(row).toContainText('CAFE at the end, California, Voice, SMS');
  await row.getByRole('link', { name: /^Cafés/ }).click();
  await expect(page).toHaveURL(/q=CAFE&at=ends&state=CA&features=voice%2Csms&sort=price/);
  await expect(page.getByRole('heading', { name: /numbers? match/ })).toContainText(total);
  await ready(page);

  await page.getByRole('link', { name: 'Saved searches' }).first().click();
  await ready(page);
  await page.getByRole('button', { name: /^Delete Cafés/ }).click();
  await expect(page.getByText('No saved searches yet')).toBeVisible();
});

test('a visitor is asked to sign in, and the search is not lost', async ({ page, server }) => {
  const priya = server.demo.users.find((user) => user.email.startsWith('priya'))!;
  await open(page, '/?q=PIZZA');
  await page.getByRole('link', { name: 'Save', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await ready(page);
  await page.getByLabel('Email').fill(priya.email);
  await page.getByLabel('Password', { exact: true }).fill(priya.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('dialog').getByLabel('Name')).toHaveValue('PIZZA');
});
