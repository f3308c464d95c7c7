// Moving numbers by real drag events and by the keyboard.
import type { Page } from '@playwright/test';
import { expect, open, signInAs, test } from '../support/test';

function column(page: Page, name: string) {
  return page.getByRole('region', { name: new RegExp(`^${name}`) });
}
async function drag(page: Page, from: ReturnType<Page['locator']>, to: ReturnType<Page['locator']>) {
  const start = (await from.boundingBox())!;
  const end = (await to.boundingBox())!;
  await page.mouse.move(start.x + start.width / 2, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + 24, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + Math.min(200, end.height / 2), { steps: 12 });
  await page.mouse.move(end.x + end.width / 2 + 2, end.y + Math.min(202, end.height / 2), { steps: 2 });
  await page.mouse.up();
}

test('a card is dragged from the pool to an agent, and dropped outside it stays', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const card = column(page, 'Free').locator('[draggable=true]').first();
  const number = (await card.innerText()).match(/\(\d{3}\) \d{3}-\d{4}/)![0];
  await drag(page, card, page.getByRole('heading', { level: 1 }));
  await expect(column(page, 'Free')).toContainText(number);
  await drag(page, card, column(page, 'Night line'));
  await expect(column(page, 'Night line')).toContainText(number);
  await expect(column(page, 'Free')).not.toContainText(number);
  await page.reload();
  await expect(column(page, 'Night line')).toContainText(number);
});

test('a card is moved by the keyboard alone', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const card = column(page, 'Free').locator('[draggable=true]').first();
  const number = (await card.innerText()).match(/\(\d{3}\) \d{3}-\d{4}/)![0];
  await card.focus();
  await page.keyboard.press('Space');
  await expect(page.getByText(/Moving 1 number/).first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(column(page, 'Billing help')).toContainText(number);
});

test('a column that would refuse says why and does not take the card', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const card = column(page, 'Free').locator('[draggable=true]').first();
  const number = (await card.innerText()).match(/\(\d{3}\) \d{3}-\d{4}/)![0];
  await card.focus();
  await page.keyboard.press('Space');
  await expect(column(page, 'Lakeside Realty')).toContainText(/disabled/);
  await page.keyboard.press('Escape');
  await drag(page, card, column(page, 'Lakeside Realty'));
  await expect(column(page, 'Free')).toContainText(number);
});
