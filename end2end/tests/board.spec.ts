// Moving numbers with the "Move to…" dialog: the way that needs neither a mouse nor JavaScript.
import { expect, open, signInAs, test } from '../support/test';

test('a number is moved by the dialog, and refused places say why', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  await page.getByRole('region', { name: /^Free/ }).getByRole('link', { name: /^Move .* to/ }).last().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Lakeside Realty');
  await expect(dialog).toContainText(/disabled/);
  const number = (await dialog.innerText()).match(/\(\d{3}\) \d{3}-\d{4}/)![0];
  await dialog.getByRole('button', { name: /Night line/ }).click();
  await expect(page.getByRole('region', { name: /^Night line/ })).toContainText(number);
});
