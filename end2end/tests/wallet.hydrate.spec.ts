// What only a script can do with a statement: ask the browser to print it. Without one the browser's own menu prints.
import { expect, signInAs, test } from '../support/test';

test('the print button asks the browser to print', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/wallet/statements');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = '1'; }; });
  await page.getByRole('button', { name: 'Print' }).click();
  await expect(page.locator('html[data-printed]')).toBeAttached();
});
