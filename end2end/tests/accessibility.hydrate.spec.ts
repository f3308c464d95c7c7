// axe finds nothing on any page, in both themes: full of the demo's data, and as a new organization finds it. Refused states are looked
// at where they are made, in refusals.spec.ts.
import type { Page } from '@playwright/test';
import { accessibleInBothThemes, expect, open, signInAs, signUp, test } from '../support/test';

// Each test looks at several pages in both themes.
test.describe.configure({ timeout: 300_000 });

/** Pages of one area: addresses, or the beginning of the name of a link that opens a dialog on the page before. */
type Walk = (string | { dialog: string | RegExp })[];

const customer: Record<string, Walk> = {
  'searching': ['/', '/?q=FLOWERS&area=206&strict=1', '/?area=91'],
  'numbers that come close': ['/?q=FLOWERS&state=CA', '/?q=FLOWERS&taken=%2B14153569377'],
  'buying': ['/?q=CAFE', { dialog: /^Buy \(/ }],
  'the list of numbers': ['/numbers', '/numbers?chip=released', '/numbers?q=nothing+like+it', '/numbers?chip=cool_off&import=1'],
  'the board': ['/board', { dialog: /^Move .* to/ }],
  'the wallet': ['/wallet', '/wallet?kind=topup', '/wallet?top_up=1', '/wallet?change=reload', '/wallet?change=budget'],
  'statements': ['/wallet/statements', `/wallet/statements/${new Date().toISOString().slice(0, 7)}`, '/wallet/statements/1999-01'],
  'agents': ['/agents', { dialog: /^Edit/ }, '/agents', { dialog: /^Delete/ }, '/agents?new=1'],
  'sub-accounts': ['/sub-accounts', { dialog: /^Edit/ }, '/sub-accounts', { dialog: /^Disable/ }, '/sub-accounts', { dialog: /^Delete/ }, '/sub-accounts?new=1'],
  'people': ['/team', { dialog: /^Take (out|.* out$)/ }],
  'keys and webhooks': ['/keys', '/keys?new=1', '/webhooks', '/webhooks?new=1'],
  'routes': ['/routes', '/routes?new=1'],
  'saved searches': ['/searches', '/searches?new=q%3DCAFE%26state%3DCA%26city%3DSan%20Francisco'],
  'settings and notices': ['/settings', '/notices'],
  'history': ['/audit', '/audit?q=nothing+like+it'],
};
/** Kinds of owned numbers, by the chip that lists them, with the dialogs that their page offers. */
const numbers: [string, string[]][] = [
  ['agent', ['label', 'agent', 'routes']],
  ['free', ['release']],
  ['sub_account', []],
  ['released', []],
];

async function walk(page: Page, steps: Walk) {
  for (const step of steps) {
    if (typeof step === 'string') {
      await open(page, step);
    } else {
      await page.getByRole('link', { name: step.dialog }).filter({ visible: true }).first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    }
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await accessibleInBothThemes(page, typeof step === 'string' ? step : `${page.url()}`);
  }
}

for (const [area, steps] of Object.entries(customer)) {
  test(`full: ${area}`, async ({ page, server }) => {
    await signInAs(page, server, 'mara');
    await walk(page, steps);
  });
}

for (const [chip, dialogs] of numbers) {
  test(`full: a number, ${chip}`, async ({ page, server }) => {
    await signInAs(page, server, 'mara');
    await open(page, `/numbers?chip=${chip}`);
    const href = (await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href'))!;
    await walk(page, [href]);
    for (const dialog of dialogs) {
      await open(page, `${href}?${dialog}=1`);
      await expect(page.getByRole('dialog')).toBeVisible();
      await accessibleInBothThemes(page, `${href}?${dialog}=1`);
    }
  });
}

test('full: the operator', async ({ page, server }) => {
  await signInAs(page, server, 'dana', '/admin/cool-offs');
  await walk(page, ['/admin', '/admin/organizations', { dialog: /^Open/ }, '/admin/organizations', { dialog: /^Adjust/ }, '/admin/revenue', '/settings']);
  await walk(page, ['/admin/inventory', { dialog: /^Withdraw… / }, '/admin/inventory?region=CA&chip=sold', '/admin/inventory?new=1']);
  await walk(page, ['/admin/orders?chip=stuck', '/admin/orders', { dialog: /^Steps/ }]);
  await walk(page, ['/admin/audit', '/admin/cool-offs?q=nothing', '/admin/cool-offs', { dialog: /^Override the cool-off/ }]);
});

test('the doors, for a visitor', async ({ page }) => {
  await walk(page, ['/sign-in', '/sign-up', '/link/nothing', '/no-such-page', '/']);
});

test('an invitation, as the invited person opens it', async ({ page, server }) => {
  await signInAs(page, server, 'mara', '/team');
  await page.getByLabel('Email').fill(`guest-${Date.now()}@example.com`);
  await page.getByRole('button', { name: 'Make the invitation' }).click();
  const link = page.getByLabel(/^Invitation link for/);
  await expect(link).toBeVisible();
  await accessibleInBothThemes(page, 'the team with a new link');
  const { pathname } = new URL(await link.inputValue());
  await page.context().clearCookies();
  await walk(page, [pathname]);
});

test('empty: what a new organization finds', async ({ page }) => {
  await signUp(page, 'Empty');
  await walk(page, ['/', '/numbers', '/board', '/wallet', '/wallet/statements', '/agents']);
});

test('empty: what else a new organization finds', async ({ page }) => {
  await signUp(page, 'Empty');
  await walk(page, ['/sub-accounts', '/routes', '/notices', '/team', '/audit', '/numbers/+14155550100', '/numbers?import=1']);
});
