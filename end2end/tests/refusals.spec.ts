// How pages tell a refusal: in words, beside the field where there is one, with what to do next; and without a fault for axe. That each
// code is given and changes nothing is proved over HTTP in tests/refusals.
import type { Page } from '@playwright/test';
import { accessibleInBothThemes, another, expect, firstFree, hydrated, open, ready, signInAs, signUp, test } from '../support/test';
import { startOnCopy } from '../support/server';

/** axe, where it can run. */
async function looksRight(page: Page, what: string) {
  if (hydrated()) await accessibleInBothThemes(page, what);
}

test('insufficient funds: how much is missing, in the buy dialog', async ({ page }) => {
  await signUp(page, 'Poor');
  const number = await firstFree(page, '484');
  await open(page, `/?area=484&buy=${encodeURIComponent(number.e164)}`);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/Your wallet is \$\d+\.\d\d short/);
  await expect(dialog).toContainText('Nothing was charged');
  await expect(dialog.getByRole('button', { name: /^Top up .* and buy/ })).toBeVisible();
  await looksRight(page, 'a wallet that is short');
});

test('a number that was sold in the meantime: numbers like it', async ({ page, browser, server }) => {
  await signUp(page, 'Late');
  const number = await firstFree(page, '646');
  const other = await another(browser, server);
  await signInAs(other, server, 'priya');
  await open(other, `/?area=646&buy=${encodeURIComponent(number.e164)}`);
  await other.getByRole('dialog').getByRole('button', { name: /^Buy/ }).click();
  await expect(other).toHaveURL(/bought=1/);
  await page.getByRole('button', { name: `Hold ${number.formatted}` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Somebody else just bought this number');
  await expect(dialog).toContainText('Nothing was charged');
  await expect(dialog.getByRole('button', { name: /^Hold \(/ }).first()).toBeVisible();
  await looksRight(page, 'a number that was sold');
  await other.context().close();
});

test('the hold limit: how many one may hold', async ({ page }) => {
  await signUp(page, 'Greedy');
  await open(page, '/?area=978&sort=number');
  for (let held = 1; held <= 2; held += 1) {
    await page.getByRole('button', { name: /^Hold \(978\)/ }).first().click();
    await expect(page.getByRole('button', { name: /^Release the hold on \(978\)/ })).not.toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Numbers on hold' })).toContainText(`${held} on hold`);
    await ready(page);
  }
  await page.getByRole('button', { name: /^Hold \(978\)/ }).first().click();
  await expect(page.getByText('You hold 2 numbers, which is as many as you may.')).toBeVisible();
  await expect(page.getByText('Give one back or buy one')).toBeVisible();
  await looksRight(page, 'the hold limit');
});

test('a number in use, in a sub-account, in cool-off, and locked: why each way is closed', async ({ page, server }) => {
  await signInAs(page, server, 'mara');
  const first = async (chip: string) => {
    await open(page, `/numbers?chip=${chip}`);
    return (await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href'))!;
  };
  await open(page, await first('agent&q=East+Bay'));
  await expect(page.getByRole('button', { name: 'Hand over', exact: true })).toBeDisabled();
  await expect(page.getByText('The number is in use. Unassign it or take it back first.')).toBeVisible();
  await looksRight(page, 'a number in use');
  await open(page, await first('cool_off'));
  await expect(page.getByRole('button', { name: 'Take back' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Take back' })).toHaveAccessibleDescription(/^From /);
  await expect(page.getByText(/Take it back from .* first\./)).toBeVisible();
  await open(page, '/numbers?q=Main+line');
  await open(page, (await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href'))!);
  await expect(page.getByRole('switch', { name: 'Deletion lock' })).toBeChecked();
  await expect(page.getByText('The number is locked. Unlock it first.').first()).toBeVisible();
  await looksRight(page, 'a locked number');
});

test('the budget of a sub-account: how much it is over', async ({ page, browser, server }) => {
  await signInAs(page, server, 'mara', '/sub-accounts');
  await open(page, '/sub-accounts');
  await page.getByRole('link', { name: /^Edit Harbor Dental/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Monthly budget/).fill('0.50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const other = await another(browser, server);
  await signInAs(other, server, 'ilse');
  const number = await firstFree(other, '773');
  await open(other, `/?area=773&buy=${encodeURIComponent(number.e164)}`);
  await other.getByRole('dialog').getByRole('button', { name: /^Buy/ }).click();
  await expect(other.getByRole('dialog')).toContainText('The monthly number budget does not allow this.');
  await expect(other.getByRole('dialog')).toContainText('The budget is $0.50 a month');
  await looksRight(other, 'a budget that is exceeded');
  await other.context().close();
});

test('fields that need another value: the message stands beside each', async ({ page, server }) => {
  await signInAs(page, server, 'mara');
  await open(page, '/wallet?top_up=1');
  const amount = page.getByRole('textbox', { name: 'Amount' });
  await amount.fill('1.005');
  await page.getByRole('dialog').getByRole('button', { name: /^Top up/ }).click();
  await expect(amount).toHaveAttribute('aria-invalid', 'true');
  await expect(amount).toHaveAccessibleDescription(/at most 2 decimals/);
  await looksRight(page, 'an amount that is none');
  await open(page, '/agents?new=1');
  await page.getByLabel('Name').fill('Nowhere');
  const destination = page.getByLabel('Calls go to');
  await destination.fill('nowhere');
  await page.getByRole('button', { name: 'Create the agent' }).click();
  await expect(destination).toHaveAttribute('aria-invalid', 'true');
  await expect(destination).toHaveAccessibleDescription(/\S/);
  await looksRight(page, 'an agent that leads nowhere');
});

test('importing a number that is stocked here', async ({ page, server }) => {
  await signInAs(page, server, 'mara');
  await open(page, '/numbers?import=1');
  await page.getByRole('dialog').getByRole('textbox').first().fill('+14153569377');
  await page.getByRole('dialog').getByRole('button', { name: /^Import/ }).click();
  await expect(page.getByText('The number is owned or stocked here already. Nothing was imported.')).toBeVisible();
  await looksRight(page, 'an import that is refused');
});

test('a wrong password, and too many of them', async ({ page, browser, server }) => {
  const email = await signUp(page, 'Forgetful');
  const visitor = await another(browser, server);
  await open(visitor, '/sign-in');
  for (let guess = 1; guess <= 6; guess += 1) {
    await visitor.getByLabel('Email').fill(email);
    await visitor.getByLabel('Password', { exact: true }).fill(`not this one ${guess}`);
    await visitor.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(visitor.getByText(guess <= 5 ? 'Email and password do not match.' : 'Too many requests.')).toBeVisible();
    if (guess === 1) await looksRight(visitor, 'a wrong password');
    await open(visitor, '/sign-in');
  }
  await visitor.context().close();
});

test('somebody whose role is too low is told so, and by whom it could be done', async ({ page, server }) => {
  await signInAs(page, server, 'theo');
  await open(page, '/team');
  await expect(page.getByText('Your role does not allow this.')).toBeVisible();
  await expect(page.getByText('Ask an owner or administrator of your organization.')).toBeVisible();
  await looksRight(page, 'the team for a viewer');
  await open(page, '/?area=415');
  await expect(page.getByText('Your role cannot hold or buy.').first()).toBeVisible();
  await open(page, '/admin/cool-offs');
  await expect(page.getByText('Nothing answers at this address')).toBeVisible();
});

test('pages that are not there, and numbers that are not yours', async ({ page, server }) => {
  await signInAs(page, server, 'priya');
  await open(page, '/no-such-page');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  await open(page, '/numbers/+14155550100');
  await expect(page.getByText('No such number here')).toBeVisible();
  await looksRight(page, 'a number of nobody');
  await open(page, '/link/nothing');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link does not work');
});

test('an installation that takes nobody new and no visitors says so', async ({ page }) => {
  const closed = await startOnCopy(['--sign-up', 'off', '--search', 'signed-in']);
  try {
    await open(page, `${closed.url}/sign-up`);
    await expect(page.getByText('This installation takes no new organizations.')).toBeVisible();
    await looksRight(page, 'a closed sign-up');
    await open(page, `${closed.url}/?area=415`);
    await expect(page.getByText('You are not signed in.').first()).toBeVisible();
    await looksRight(page, 'a closed search');
  } finally {
    await closed.stop();
  }
});
