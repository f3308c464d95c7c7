// Moving numbers by real drag events and by the keyboard.
import type { Locator, Page } from '@playwright/test';
import { Client } from '../support/client';
import { accessibleInBothThemes, expect, open, signInAs, test } from '../support/test';

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

/** Cards of the pool that may go anywhere. */
function freeCards(page: Page) {
  return column(page, 'Free').locator('[draggable=true]').filter({ hasNotText: 'Locked' });
}

/** The number on a card, as people read it. */
async function numberOn(card: Locator): Promise<string> {
  return (await card.innerText()).match(/\(\d{3}\)\s*\d{3}-\d{4}/)![0].replace(/\s+/, ' ');
}

test('several cards are dragged together, and each column says before the drop what it would do', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const cards = freeCards(page);
  const numbers = [await numberOn(cards.nth(1)), await numberOn(cards.nth(2))];
  for (const number of numbers) await column(page, 'Free').getByRole('checkbox', { name: `Select ${number}` }).check();
  const start = (await cards.nth(1).boundingBox())!;
  const end = (await column(page, 'Front desk').boundingBox())!;
  await page.mouse.move(start.x + start.width / 2, start.y + 60);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + 72, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + 200, { steps: 12 });
  await expect(page.getByText('Moving 2 numbers from Free.')).toBeVisible();
  await expect(column(page, 'Front desk')).toContainText('Assign 2');
  await expect(column(page, 'Billing help')).toContainText('Assign 2, draft only');
  await expect(column(page, 'Harbor Dental')).toContainText('Hand over 2');
  await expect(column(page, 'Lakeside Realty')).toContainText('Would be refused');
  await page.mouse.move(end.x + end.width / 2 + 2, end.y + 202, { steps: 2 });
  await page.mouse.up();
  for (const number of numbers) await expect(column(page, 'Front desk')).toContainText(number);
  await expect(page.locator('.board-page [aria-live=assertive]')).toContainText(/2 numbers (dropped on|moved to) Front desk/);
  await page.reload();
  // The column shows its first cards only; the others are behind its link.
  await open(page, '/board?open=' + (await column(page, 'Front desk').getAttribute('data-column')));
  for (const number of numbers) await expect(column(page, 'Front desk')).toContainText(number);
});

test('a card goes back to its place when the server refuses what the page allowed', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const id = (await freeCards(page).nth(1).getAttribute('id'))!.replace('card-', '');
  const card = page.locator(`#card-${id}`);
  const number = await numberOn(card);
  const mara = server.demo.users.find((user) => user.email.startsWith('mara'))!;
  const elsewhere = new Client(server.url);
  await elsewhere.signIn(mara.email, mara.password);
  await elsewhere.done('numbers/lock', { id, locked: '1' });
  await drag(page, card, column(page, 'Harbor Dental'));
  await expect(page.locator('.move-result')).toContainText(/locked/);
  await expect(column(page, 'Free')).toContainText(number);
  await expect(column(page, 'Harbor Dental')).not.toContainText(number);
  await accessibleInBothThemes(page, 'the board after a refused drop');
  await elsewhere.done('numbers/lock', { id, locked: '0' });
  elsewhere.close();
});

test('a card is dragged from the pool to an agent, and dropped outside it stays', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/board');
  await open(page, '/board');
  const card = column(page, 'Free').locator('[draggable=true]').first();
  const number = await numberOn(card);
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
  const number = await numberOn(card);
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
  const number = await numberOn(card);
  await card.focus();
  await page.keyboard.press('Space');
  await expect(column(page, 'Lakeside Realty')).toContainText(/disabled/);
  await page.keyboard.press('Escape');
  await drag(page, card, column(page, 'Lakeside Realty'));
  await expect(column(page, 'Free')).toContainText(number);
});
