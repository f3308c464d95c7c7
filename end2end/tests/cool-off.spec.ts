// A number in cool-off cannot be taken back, says until when, and only the operator forces it, with a reason that is audited.
import { expect, hydrated, open, ready, signInAs, test } from '../support/test';

test('refused to the customer with its clock, forced by the operator with a reason', async ({ page, server }) => {
  await signInAs(page, server, 'mara');
  await open(page, '/numbers?chip=cool_off');
  const number = page.getByRole('row').filter({ hasText: /Cool-off, \d+ d/ }).first().getByRole('link').first();
  const href = (await number.getAttribute('href'))!;
  await open(page, href);
  await expect(page.getByRole('region', { name: 'Clocks' })).toContainText('Cool-off');
  await expect(page.getByRole('button', { name: 'Take back' })).toBeDisabled();
  const digits = href.replace(/%2B/, '+').match(/\+1(\d{10})/)![1]!;
  const formatted = `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`;

  await page.context().clearCookies();
  await signInAs(page, server, 'dana');
  await open(page, '/admin/cool-offs');
  await page.getByRole('link', { name: `Override the cool-off of ${formatted}` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('skipped');
  await dialog.getByLabel(/^Reason/).fill('short');
  const digitsField = dialog.getByRole('textbox').last();
  await digitsField.fill(digits.slice(6));
  const button = dialog.getByRole('button', { name: /Override and take back/ });
  if (hydrated()) {
    await expect(button).toBeDisabled();
  } else {
    await button.click();
    await expect(page.getByText(/10 to 500 characters/).first()).toBeVisible();
    await digitsField.fill(digits.slice(6));
  }
  await dialog.getByLabel(/^Reason/).fill('Port-out date moved forward, ticket 4471');
  await button.click();
  await expect(page.getByRole('region', { name: 'Latest overrides' })).toContainText('ticket 4471');
  await open(page, `/admin/audit?q=${digits.slice(6)}`);
  await expect(page.getByRole('row').filter({ hasText: 'ticket 4471' }).first()).toContainText('Port-out date moved forward, ticket 4471');
  await ready(page);
});
