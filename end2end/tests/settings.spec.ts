// Settings and notices: the organization's name, and a password that is changed; the old one opens nothing any more.
import { expect, open, signIn, signUp, test } from '../support/test';

test('the organization is renamed', async ({ page }) => {
  await signUp(page, 'Settings');
  await open(page, '/settings');
  await page.getByLabel('Name').fill('Renamed for good');
  const saved = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await saved;
  await open(page, '/settings');
  await expect(page.getByLabel('Name')).toHaveValue('Renamed for good');
});

test('a password is changed', async ({ page }) => {
  const email = await signUp(page, 'Password');
  await open(page, '/settings');
  await page.getByLabel('Current password').fill('not the one');
  await page.getByLabel('New password').fill('another good secret');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('This is not the password that you have now.')).toBeVisible();
  await open(page, '/settings');
  await page.getByLabel('Current password').fill('a long enough secret');
  await page.getByLabel('New password').fill('another good secret');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('The password is changed.')).toBeVisible();
  await page.context().clearCookies();
  await signIn(page, email, 'another good secret', '/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

test('notices teach while there are none', async ({ page }) => {
  await signUp(page, 'Notices');
  await open(page, '/notices');
  await expect(page.getByText('Nothing to tell')).toBeVisible();
});
