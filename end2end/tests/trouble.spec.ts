// What may come between two presses: a session that ends in the middle of a purchase, and a server that is started anew under an open page.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../support/client';
import { start, template } from '../support/server';
import { another, expect, firstFree, hydrated, open, ready, signInAs, signUp, test, topUp } from '../support/test';

test('a session that ends in the middle of a purchase: sign in, and it goes on where it was, once', async ({ page, server }) => {
  test.setTimeout(90_000);
  const email = await signUp(page, 'Expired');
  await topUp(page, '50');
  const number = await firstFree(page, '305');
  await open(page, `/?area=305&buy=${encodeURIComponent(number.e164)}`);
  const buy = page.getByRole('dialog').getByRole('button', { name: /^Buy/ });
  await expect(buy).toBeVisible();

  const elsewhere = new Client(server.url);
  await elsewhere.signIn(email, 'a long enough secret');
  await elsewhere.done('settings/end-sessions', {});
  await buy.click();
  // A form leads to the sign-in page; a script says what happened and offers the way there.
  if (hydrated()) await page.getByRole('dialog').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await ready(page);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('a long enough secret');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();

  await expect(page).toHaveURL(new RegExp(`buy=(%2B|\\+)${number.e164.slice(1)}`));
  await ready(page);
  await page.getByRole('dialog').getByRole('button', { name: /^Buy/ }).click();
  await expect(page.getByText(`${number.formatted} is yours`)).toBeVisible();
  const { lines } = await elsewhere.wallet();
  expect(lines.filter((line) => line.amount < 0).length, 'setup and the first month, once').toBe(2);
  elsewhere.close();
});

test('a server that is started anew under an open page: the same press works again', async ({ browser }) => {
  test.setTimeout(90_000);
  const dataDir = mkdtempSync(join(tmpdir(), 'dialyard-restarted-'));
  cpSync(template, dataDir, { recursive: true });
  let server = await start(dataDir);
  try {
    const page = await another(browser, server);
    await signInAs(page, server, 'mara', '/?area=206&sort=number');
    const hold = page.getByRole('button', { name: /^Hold \(206\)/ }).first();
    const name = (await hold.getAttribute('aria-label'))!;
    await server.stop();
    if (hydrated()) {
      await hold.click();
      await expect(page.getByText('No answer arrived, so it is not known whether anything was changed.')).toBeVisible();
      await expect(page.getByText('repeating it is safe')).toBeVisible();
    }
    server = await start(dataDir, [], server);
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('button', { name: name.replace('Hold', 'Release the hold on') })).toBeVisible();
    await page.context().close();
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
