// Back and forward: every state of a page is an address, so both go where one was, dialogs included.
import { expect, open, ready, signInAs, test } from '../support/test';

test('back and forward through searches and their filters', async ({ page }) => {
  await open(page, '/?q=CAFE&at=ends');
  const total = page.getByRole('heading', { name: /numbers? match/ });
  const everywhere = await total.innerText();
  await page.getByRole('link', { name: /^CA, California/ }).click();
  await expect(page).toHaveURL(/state=CA/);
  await expect(total).not.toHaveText(everywhere);
  const inCalifornia = await total.innerText();
  await page.goBack();
  await expect(page).not.toHaveURL(/state=CA/);
  await expect(total).toHaveText(everywhere);
  await expect(page.getByRole('searchbox')).toHaveValue('CAFE');
  await page.goForward();
  await expect(page).toHaveURL(/state=CA/);
  await expect(total).toHaveText(inCalifornia);
  await page.getByRole('searchbox').fill('TAXI');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/q=TAXI/);
  await ready(page);
  await page.getByRole('link', { name: /^Remove filter State/ }).click();
  await expect(page).not.toHaveURL(/state=CA/);
  await page.goBack();
  await expect(page).toHaveURL(/q=TAXI.*state=CA/);
  await expect(page.getByRole('searchbox')).toHaveValue('TAXI');
});

test('back closes a dialog, forward opens it again', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/?q=CAFE&at=ends');
  await page.getByRole('region', { name: 'Results' }).getByRole('link', { name: /^Buy \(/ }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: /^Buy/ })).toBeVisible();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/q=CAFE/);
  await page.goForward();
  await expect(dialog.getByRole('button', { name: /^Buy/ })).toBeVisible();
  await dialog.getByRole('link', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Numbers/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Numbers/);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('CAFE');
});
