// The operator's stock: a number out and back, and a file that is checked before it is imported.
import { expect, open, signInAs, test } from '../support/test';

// The counts of this page read the whole stock.
test.describe.configure({ timeout: 120_000 });

const header = 'e164,provider,number_type,locality,administrative_area,rate_center,features,setup_cost,monthly_cost';

test('a number goes out of stock and comes back', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/inventory?chip=available&region=NV');
  const withdraw = page.getByRole('link', { name: /^Withdraw… \(/ }).first();
  const number = (await withdraw.getAttribute('aria-label'))!.replace(/^\S+ /, '');
  await withdraw.click();
  await page.getByRole('dialog').getByRole('button', { name: /^Withdraw/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const found = `/admin/inventory?q=${number.replace(/\D/g, '')}`;
  await open(page, found);
  await page.getByRole('button', { name: `Put back ${number}` }).click();
  await expect(page.getByRole('button', { name: `Put back ${number}` })).toHaveCount(0);
  await open(page, found);
  await expect(page.getByRole('link', { name: `Withdraw… ${number}` })).toBeVisible();
});

test('a file is checked, imported, and searched', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/inventory?new=1');
  const line = (number: string) => `${number},Acme,local,Reno,NV,RENO,voice|sms,1.00,1.25`;
  const numbers = ['+17755550181', '+17755550182'];
  const text = [header, ...numbers.map(line), line(numbers[0]!), 'nonsense,,,,,,,,'].join('\n');
  await page.getByLabel('CSV file').setInputFiles({ name: 'may.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Check the file' }).click();
  const file = page.getByRole('region', { name: 'The file may.csv' });
  await expect(file).toContainText('Checked, nothing written');
  await expect(file).toContainText('the first line counts');
  await file.getByRole('button', { name: 'Import 2 numbers' }).click();
  await expect(async () => {
    await page.reload();
    await expect(file.getByText('Imported', { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await open(page, '/admin/inventory?q=7755550181');
  await expect(page.getByRole('row', { name: /555-0181/ })).toContainText('In stock');
});

test('a file that is none is refused in words', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/inventory?new=1');
  await page.getByLabel('CSV file').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('name,price\nx,1') });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByRole('dialog')).toContainText('These are missing');
});
