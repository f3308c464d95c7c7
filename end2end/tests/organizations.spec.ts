// The operator's organizations: a wallet is credited with a reason, and the organization sees the line.
import { expect, open, signInAs, test } from '../support/test';

test('a wallet is credited with a reason', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/organizations');
  const row = page.getByRole('row', { name: /Brightline/ });
  await row.getByRole('link', { name: /^Adjust/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Credit/).check();
  await dialog.getByLabel('Amount').fill('7.25');
  await dialog.getByLabel(/^Reason/).fill('Outage on the first of May');
  await dialog.getByRole('button', { name: 'Adjust the wallet' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.context().clearCookies();
  await signInAs(page, server, 'mara', '/wallet');
  await expect(page.getByRole('row', { name: /Outage on the first of May/ })).toContainText('7.25');
});

test('an organization is opened and closed by its ×', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/organizations');
  await page.getByRole('row', { name: /Brightline/ }).getByRole('link', { name: /^Open/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Monthly budget');
  await dialog.getByRole('link', { name: 'Close' }).click();
  await expect(page).not.toHaveURL(/organization=/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the start page leads to what waits', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin');
  await expect(page.getByText('30 minutes')).toBeVisible();
  await page.getByRole('link', { name: /Stuck orders/ }).click();
  await expect(page.getByText('Nothing is stuck')).toBeVisible();
  await open(page, '/admin');
  await expect(page.getByRole('navigation', { name: 'Main' }).first().getByRole('link', { name: 'Overview' })).toHaveAttribute('aria-current', 'page');
});
