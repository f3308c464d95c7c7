// Webhooks: an address is added, tested, told again and deleted; the receiver is a program of its own that checks each signature.
import { createHmac } from 'node:crypto';
import { type Server as Receiver, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, open, ready, signUp, test } from '../support/test';

type Message = { id: string; timestamp: string; signature: string; body: string };

/** Takes messages; answers 500 as often as it is told to, then 204. */
async function receiver(): Promise<{ url: string; messages: Message[]; fail: (times: number) => void; close: () => void }> {
  const messages: Message[] = [];
  let failures = 0;
  const server: Receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name]);
      const [id, timestamp, signature] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')];
      messages.push({ id, timestamp, signature, body: Buffer.concat(chunks).toString() });
      response.statusCode = failures > 0 ? 500 : 204;
      failures -= failures > 0 ? 1 : 0;
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/told`, messages, fail: (times) => (failures = times), close: () => server.close() };
}

/** Standard Webhooks: HMAC-SHA256 over id, timestamp and body, under what stands behind `whsec_` in base64. */
function signed(secret: string, message: Message): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${message.id}.${message.timestamp}.${message.body}`).digest('base64')}`;
}

test('a webhook: added, tested, told again, deleted', async ({ page }) => {
  const told = await receiver();
  await signUp(page, 'Hooks');
  await open(page, '/webhooks');
  await expect(page.getByText('Nobody is told yet')).toBeVisible();

  await page.getByRole('link', { name: 'Add a webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill('http://10.0.0.1/told');
  await dialog.getByRole('button', { name: 'Add the webhook' }).click();
  await expect(dialog.getByRole('alert').first(), 'a private address is refused beside its field').toBeVisible();
  await ready(page);
  await dialog.getByLabel('Address').fill(told.url);
  await dialog.getByRole('button', { name: 'Add the webhook' }).click();
  const field = page.getByRole('textbox', { name: `Secret for ${told.url}` });
  await expect(field).toHaveValue(/^whsec_/);
  const secret = await field.inputValue();

  told.fail(1);
  await ready(page);
  await page.getByRole('button', { name: `Send a test event to ${told.url}` }).click();
  await expect.poll(() => told.messages.length, { message: 'the test event arrives' }).toBe(1);
  expect(told.messages[0]!.signature).toBe(signed(secret, told.messages[0]!));
  const line = page.getByRole('row', { name: /webhook\.test/ });
  await expect(async () => {
    await open(page, '/webhooks');
    await expect(line).toContainText('Tried again', { timeout: 500 });
  }, 'an answer of 500 is tried again').toPass();
  await expect(line).toContainText('500');

  await line.getByRole('button', { name: /^Send webhook\.test to .* again$/ }).click();
  await expect.poll(() => told.messages.length, { message: 'it is sent again' }).toBe(2);
  expect(told.messages[1]!.id, 'a repeat has the id of the first').toBe(told.messages[0]!.id);
  expect(told.messages[1]!.signature).toBe(signed(secret, told.messages[1]!));
  await expect(async () => {
    await open(page, '/webhooks?state=delivered');
    await expect(line).toContainText('Delivered', { timeout: 500 });
  }, 'the log tells it').toPass();

  await page.getByRole('link', { name: `Delete ${told.url}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the webhook' }).click();
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
  told.close();
});
