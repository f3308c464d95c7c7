// Two buyers race for one number over HTTP, 200 times: each in a thread and on a connection of its own, let go together.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Client, MILLIONTHS, type Refused, type Row } from '../support/client';
import { expect, plainTest as test } from '../support/test';

const RACES = 200;
// On a busy machine a thread may be put aside at the start: such a round is bought like the others, but is no race.
const ROUNDS = 230;
const TOP_UP = 2_000;

type Answer = { status: number; body: Refused; sentAt: bigint; answeredAt: bigint };

function run(buyer: Client, index: number, numbers: Row[], meeting: Int32Array): Promise<Answer[]> {
  const rows = numbers.map((row) => ({ e164: row.phone.e164, price: ((row.setup + row.monthly) / MILLIONTHS).toFixed(6) }));
  const workerData = { url: buyer.url, cookie: buyer.cookie, buyer: index, numbers: rows, meeting };
  return new Promise((done, fail) => {
    const thread = new Worker(join(__dirname, '../support/racer.mjs'), { workerData });
    thread.once('message', done);
    thread.once('error', fail);
  });
}

test('one number, two buyers, 200 races: one winner each, and the other is told kindly', async ({ server }) => {
  const buyers = [new Client(server.url), new Client(server.url)];
  for (const [index, buyer] of buyers.entries()) {
    await buyer.signUp(index === 0 ? 'Left' : 'Right');
    await buyer.topUp(String(TOP_UP));
  }
  const numbers = await buyers[0]!.free('212', ROUNDS);
  const meeting = new Int32Array(new SharedArrayBuffer(8));
  const [left, right] = await Promise.all(buyers.map((buyer, index) => run(buyer, index, numbers, meeting)));

  const won: Row[][] = [[], []];
  let races = 0;
  for (const [round, row] of numbers.entries()) {
    const answers = [left![round]!, right![round]!];
    const told = `${row.phone.e164}: ${JSON.stringify(answers.map(({ status, body }) => ({ status, body })))}`;
    expect(answers.map((answer) => answer.status).sort(), told).toEqual([200, 409]);
    const winner = answers.findIndex((answer) => answer.status === 200);
    won[winner]!.push(row);
    // It was a race only if both had asked before either was answered.
    const [first, second] = answers as [Answer, Answer];
    if (first.sentAt < second.answeredAt && second.sentAt < first.answeredAt) races += 1;
    const refusal = answers[1 - winner]!.body.refusal;
    expect(refusal.code, told).toBe('number_unavailable');
    expect(['held', 'sold'], told).toContain(refusal.reason);
    expect(refusal.owned_by_you, told).toBe(false);
    const alike = await buyers[1 - winner]!.read<Row[]>('holds/look-alikes', { e164: row.phone.e164 });
    expect(alike.length, told).toBeGreaterThan(0);
    expect(alike.map((other) => other.phone.e164), told).not.toContain(row.phone.e164);
  }
  expect(races).toBeGreaterThanOrEqual(RACES);
  expect(Math.min(won[0]!.length, won[1]!.length), `won ${won.map((rows) => rows.length)}`).toBeGreaterThanOrEqual(RACES / 10);

  for (const [index, buyer] of buyers.entries()) {
    const spent = won[index]!.reduce((sum, row) => sum + row.setup + row.monthly, 0);
    const wallet = await buyer.wallet();
    expect(wallet).toMatchObject({ balance: TOP_UP * MILLIONTHS - spent, set_aside: 0, available: TOP_UP * MILLIONTHS - spent, owed: 0 });
    expect(wallet.lines.reduce((sum, line) => sum + line.amount, 0)).toBe(wallet.balance);
    const owned = await buyer.read<{ total: number }>('numbers/list', { 'input[q]': '' });
    expect(owned.total).toBe(won[index]!.length);
    buyer.close();
  }
});
