// The operator's orders: found by organization, filtered by state, and opened with the steps that were recorded.
import { expect, open, signInAs, test } from '../support/test';

test('an order is found and shows what it went through', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/orders');
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible();
  const filter = page.getByRole('navigation', { name: 'Filter by state' });
  await filter.getByRole('link', { name: /^Completed/ }).click();
  await expect(page).toHaveURL(/chip=completed/);
  const rows = page.getByRole('row').filter({ has: page.getByText('Completed') });
  await expect(rows.first()).toBeVisible();

  await rows.first().getByRole('link', { name: /^Steps/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'Recorded steps' })).toContainText('The money was set aside');
  await expect(dialog).toContainText('Paid, and the number handed to its owner');
  await dialog.getByRole('link', { name: 'Close' }).click();
  await expect(page).not.toHaveURL(/order=/);
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await open(page, '/admin/orders?chip=stuck');
  await expect(page.getByText('Nothing is stuck')).toBeVisible();
});

test('a customer finds no such page', async ({ page, server }) => {
  await signInAs(page, server, 'mara');
  await open(page, '/admin/orders');
  await expect(page.getByRole('table')).toHaveCount(0);
});
