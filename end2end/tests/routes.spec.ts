// Routes: one is made, corrected, edited and deleted.
import { expect, open, ready, signUp, test } from '../support/test';

test('a route: made, edited, deleted', async ({ page }) => {
  await signUp(page, 'Routes');
  await open(page, '/routes');
  await expect(page.getByText('No routes yet')).toBeVisible();
  await page.getByRole('link', { name: 'Create a route' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Office');
  await dialog.getByLabel('Calls go to').fill('not a host');
  await dialog.getByRole('button', { name: 'Create the route' }).click();
  await expect(dialog.getByRole('alert').first()).toBeVisible();
  await ready(page);
  await dialog.getByLabel('Name').fill('Office');
  await dialog.getByLabel('Calls go to').fill('pbx.example.com');
  await dialog.getByRole('button', { name: 'Create the route' }).click();
  await expect(page.getByRole('row', { name: /Office/ })).toContainText('pbx.example.com');

  await page.getByRole('link', { name: 'Edit Office' }).click();
  await dialog.getByLabel('Name').fill('Desk');
  await dialog.getByLabel('Kind').selectOption({ label: 'Registered phone' });
  await dialog.getByLabel('Calls go to').fill('');
  await dialog.getByRole('button', { name: 'Save the route' }).click();
  await expect(page.getByRole('row', { name: /Desk/ })).toContainText('Registered phone');

  await page.getByRole('link', { name: /^Delete/ }).click();
  await dialog.getByRole('button', { name: 'Delete the route' }).click();
  await expect(page.getByText('No routes yet')).toBeVisible();
});
