// Two people in two browsers want one number: one gets it, the other is told kindly and is offered what is free.
import type { Page } from '@playwright/test';
import { another, expect, firstFree, open, ready, signUp, topUp, test } from '../support/test';

async function racers(page: Page, other: Page): Promise<Page[]> {
  await signUp(page, 'Left');
  await topUp(page, '50');
  await signUp(other, 'Right');
  await topUp(other, '50');
  return [page, other];
}

test('both press Buy at once: one owns it, nothing is charged to the other', async ({ page, browser, server }) => {
  test.setTimeout(90_000);
  const other = await another(browser, server);
  const both = await racers(page, other);
  const number = await firstFree(page, '347');
  for (const racer of both) await open(racer, `/?area=347&buy=${encodeURIComponent(number.e164)}`);
  await Promise.all(both.map((racer) => racer.getByRole('dialog').getByRole('button', { name: /^Buy/ }).click()));

  const won = (racer: Page) => /bought=1/.test(racer.url());
  await expect.poll(() => both.filter(won).length, 'one of them has bought it').toBe(1);
  const winner = both.find(won)!;
  const loser = both.find((racer) => racer !== winner)!;
  await expect(winner.getByText(`${number.formatted} is yours`)).toBeVisible();
  const told = loser.getByRole('dialog');
  await expect(told).toContainText(/Somebody else (just bought|holds) this number/);
  await expect(told).toContainText(/Nothing was charged/i);
  await expect(told.getByRole('button', { name: /^Hold \(/ }).first()).toBeVisible();

  await open(loser, '/wallet');
  await expect(loser.getByRole('main')).toContainText('$50.00');
  await open(loser, '/numbers');
  await expect(loser.getByRole('main')).not.toContainText(number.formatted);
  await other.context().close();
});

test('both press Hold at once: one holds it, the other goes on with one like it', async ({ page, browser, server }) => {
  const other = await another(browser, server);
  await signUp(page, 'Left');
  await signUp(other, 'Right');
  const both = [page, other];
  const number = await firstFree(page, '303');
  await open(other, '/?area=303&sort=number');
  await Promise.all(both.map((racer) => racer.getByRole('button', { name: `Hold ${number.formatted}` }).click()));

  const holds = (racer: Page) => racer.getByRole('button', { name: `Release the hold on ${number.formatted}` }).count();
  const refused = (racer: Page) => racer.getByRole('dialog').filter({ hasText: 'Somebody else holds this number' }).count();
  await expect.poll(async () => [await holds(page), await holds(other)].sort().join(), 'one holds it').toBe('0,1');
  await expect.poll(async () => [await refused(page), await refused(other)].sort().join(), 'the other is told').toBe('0,1');
  const loser = (await refused(page)) ? page : other;
  await ready(loser);
  await loser.getByRole('dialog').getByRole('button', { name: /^Hold \(/ }).first().click();
  await expect(loser.getByRole('region', { name: 'Numbers on hold' })).toContainText('1 on hold');
  await other.context().close();
});
