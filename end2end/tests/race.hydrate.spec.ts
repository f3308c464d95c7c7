// Two buyers race for one number over HTTP, 200 times, each on a connection of its own: one winner each time.
import { expect, signUp, test, topUp, another } from '../support/test';
import type { BrowserContext } from '@playwright/test';

async function cookie(context: BrowserContext): Promise<string> {
  return (await context.cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
}

test('one number, two buyers, 200 races', async ({ page, browser, server }) => {
  test.setTimeout(180_000);
  await signUp(page, 'Left');
  await topUp(page, '2000');
  const other = await another(browser);
  await signUp(other, 'Right');
  await topUp(other, '2000');
  const cookies = [await cookie(page.context()), await cookie(other.context())];
  const numbers: string[] = [];
  let cursor = '';
  while (numbers.length < 200) {
    const answer = await fetch(`${server.url}/rpc/search/rows?input[area]=212&input[sort]=price&input[strict]=1&input[cursor]=${encodeURIComponent(cursor)}`, { headers: { cookie: cookies[0]! } });
    const view = (await answer.json()) as { rows: { phone: { e164: string } }[]; next_cursor: string };
    numbers.push(...view.rows.map((row) => row.phone.e164));
    cursor = view.next_cursor;
  }
  const wins = [0, 0];
  for (const [round, e164] of numbers.slice(0, 200).entries()) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    const answers = await Promise.all(
      order.map(async (buyer) => {
        const answer = await fetch(`${server.url}/rpc/orders/buy`, {
          method: 'POST',
          headers: { cookie: cookies[buyer]!, origin: server.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          body: new URLSearchParams({ e164, request_key: `race-${round}-${buyer}`, max_price: '100', agent_id: '' }),
        });
        return { buyer, status: answer.status, body: await answer.text() };
      }),
    );
    const winners = answers.filter((answer) => answer.status === 200);
    expect(winners, `${e164}: ${JSON.stringify(answers)}`).toHaveLength(1);
    expect(answers.find((answer) => answer.status !== 200)!.status).toBe(409);
    wins[winners[0]!.buyer]! += 1;
  }
  expect(wins[0]! + wins[1]!).toBe(200);
  expect(Math.min(...wins), `won ${wins}`).toBeGreaterThanOrEqual(20);
  await other.context().close();
});
