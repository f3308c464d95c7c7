// The whole job, once through, by somebody who has just signed up: find, hold, buy, put to work, hand over, take back, let go, undo.
import { accessible, expect, hydrated, open, ready, signUp, test } from '../support/test';

test('from sign-up to restore', async ({ page }) => {
  test.setTimeout(120_000);
  await signUp(page, 'Story');

  await test.step('find (415) FLOWERS by its word', async () => {
    await open(page, '/');
    await page.getByRole('searchbox').fill('FLOWERS');
    await page.getByRole('searchbox').press('Enter');
    await expect(page).toHaveURL(/q=FLOWERS/);
    await expect(page.getByRole('heading', { name: /numbers? match/ })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Hold (415) 356-9377' })).toBeVisible();
  });

  await test.step('hold it', async () => {
    await page.getByRole('button', { name: 'Hold (415) 356-9377' }).click();
    const tray = page.getByRole('region', { name: 'Numbers on hold' });
    await expect(tray).toContainText('356-9377');
    await expect(page.getByRole('button', { name: 'Release the hold on (415) 356-9377' })).toBeVisible();
  });

  await test.step('buying it is refused for lack of money, the hold is kept, and topping up buys it in one press', async () => {
    await ready(page);
    await page.getByRole('region', { name: 'Results' }).getByRole('link', { name: /^Buy \(415\) 356-9377/ }).first().click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('$2.25');
    await expect(dialog).toContainText(/missing|short/i);
    if (hydrated()) await accessible(page, 'the buy dialog, short of funds');
    await dialog.getByRole('button', { name: /Top up/ }).click();
    await expect(page).toHaveURL(/\/numbers\/(\+|%2B)14153569377\?bought=1/);
    await expect(page.getByText('(415) 356-9377 is yours')).toBeVisible();
  });

  await test.step('make an agent, publish it, let it answer', async () => {
    await open(page, '/agents?new=1');
    await page.getByLabel('Name').fill('Flower desk');
    await page.getByLabel('Calls go to').fill('sip:flowers@pbx.example');
    await page.getByRole('button', { name: 'Create the agent' }).click();
    await expect(page.getByText('Flower desk').first()).toBeVisible();
    await open(page, '/agents');
    const publish = page.getByRole('button', { name: /Publish/ });
    if (await publish.count()) await publish.first().click();
    await open(page, '/numbers/+14153569377?agent=1');
    await page.getByLabel('Agent').selectOption({ label: await page.locator('option', { hasText: 'Flower desk' }).first().innerText() });
    await page.getByRole('button', { name: /Let it answer/ }).click();
    await open(page, '/numbers/+14153569377');
    await expect(page.getByRole('region', { name: 'Who answers' })).toContainText('Flower desk');
    await expect(page.getByText('Answers now')).toBeVisible();
  });

  await test.step('hand it to a customer and take it back', async () => {
    await open(page, '/sub-accounts?new=1');
    await page.getByLabel('Name').fill('Corner shop');
    await page.getByRole('button', { name: 'Create the sub-account' }).click();
    await expect(page.getByText('Corner shop').first()).toBeVisible();
    await open(page, '/numbers/+14153569377');
    await page.getByRole('button', { name: 'Unassign', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Unassign', exact: true })).toHaveCount(0);
    await open(page, '/numbers/+14153569377');
    await page.getByLabel('Hand over to').selectOption({ label: 'Corner shop' });
    await page.getByRole('button', { name: /Hand over/ }).click();
    await expect(page.getByRole('button', { name: 'Take back' })).toBeVisible();
    await expect(page.getByText('Take it back from Corner shop first', { exact: false })).toBeVisible();
    await open(page, '/numbers/+14153569377');
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect(page.getByLabel('Hand over to')).toBeVisible();
  });

  await test.step('release it with its last four digits, and undo that', async () => {
    await open(page, '/numbers/+14153569377?release=1');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('45 days');
    await dialog.getByRole('textbox').fill('9377');
    await dialog.getByRole('button', { name: /^Release/ }).click();
    await expect(page.getByRole('button', { name: 'Undo the release' })).toBeVisible();
    await open(page, '/numbers/+14153569377');
    await page.getByRole('button', { name: 'Undo the release' }).click();
    await expect(page.getByRole('button', { name: 'Undo the release' })).toHaveCount(0);
    await expect(page.getByLabel('Hand over to')).toBeVisible();
  });
});
