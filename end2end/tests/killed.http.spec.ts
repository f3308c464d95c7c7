// A killed server loses nothing that it answered: SIGKILL right behind the last byte of an answer, 20 times over.
import { rmSync } from 'node:fs';
import { Client, MILLIONTHS, type Row, type Wallet } from '../support/client';
import { type Server, start, startOnCopy } from '../support/server';
import { expect, plainTest as test } from '../support/test';

const KILLS = 20;
/** A kill counts when it came so soon after the answer, in milliseconds. */
const BEHIND = 5;

type Tray = { holds: { id: string; phone: { e164: string } }[] };
type Numbers = { total: number; rows: { id: string; phone: { e164: string }; states: string[]; agent_id: string | null }[] };
type Agents = { agents: { id: string; name: string }[] };
/** Something that was answered, and how to see that it is still true. */
type Promised = { what: string; holds: () => Promise<boolean> };

/** One organization and what it was promised so far. */
class Customer {
  readonly client: Client;
  agentId = '';
  spent = 0;
  toppedUp = 0;
  /** The next numbers to hold or to buy. */
  private readonly rows: Row[] = [];
  private readonly bought: Row[] = [];

  constructor(server: Server) {
    this.client = new Client(server.url);
  }

  async moveIn() {
    await this.client.signUp('Survivor');
    await this.client.topUp('500');
    this.toppedUp = 500 * MILLIONTHS;
    this.rows.push(...(await this.client.free('303', KILLS)));
    await this.client.done('agents/create', { name: 'Desk', kind: 'person', destination: 'sip:desk@pbx.example', publish: '1' });
    this.agentId = (await this.client.read<Agents>('agents/list')).agents[0]!.id;
  }

  /** The writes in turn. Each gives back what its answer promised. */
  readonly turns = [
    () => this.hold(),
    () => this.buy(),
    () => this.topUp(),
    () => this.assign(),
    () => this.release(),
  ];

  private async owned(e164: string) {
    const list = await this.client.read<Numbers>('numbers/list', { 'input[q]': e164 });
    return list.rows.find((row) => row.phone.e164 === e164);
  }

  private async hold(): Promise<Promised> {
    const e164 = this.rows[0]!.phone.e164;
    const hold = await this.client.done<{ id: string }>('holds/create', { e164 });
    return {
      what: `${e164} is on hold`,
      // Until the purchase of the next turn uses it up.
      holds: async () => {
        const tray = await this.client.read<Tray>('holds/tray');
        return tray.holds.some((held) => held.id === hold.id) || (await this.owned(e164)) !== undefined;
      },
    };
  }

  private async buy(): Promise<Promised> {
    const row = this.rows.shift()!;
    const e164 = row.phone.e164;
    const form = { e164, request_key: `killed-${e164}`, max_price: '100', agent_id: '' };
    const order = await this.client.done<{ order_id: string }>('orders/buy', form);
    this.bought.push(row);
    this.spent += row.setup + row.monthly;
    return {
      what: `${e164} is bought`,
      // The same press again is the same order, and is not charged a second time.
      holds: async () => {
        const again = await this.client.done<{ order_id: string }>('orders/buy', form);
        return again.order_id === order.order_id && (await this.owned(e164)) !== undefined;
      },
    };
  }

  private async topUp(): Promise<Promised> {
    const amount = 10 * MILLIONTHS;
    await this.client.topUp('10');
    this.toppedUp += amount;
    const least = this.toppedUp;
    return { what: `${least} was paid in`, holds: async () => paidIn(await this.client.wallet()) >= least };
  }

  private async assign(): Promise<Promised> {
    const e164 = this.bought.at(-1)!.phone.e164;
    const id = (await this.owned(e164))!.id;
    await this.client.done('numbers/assign', { id, agent_id: this.agentId });
    return {
      what: `${e164} is answered`,
      // Until the release of the next turn.
      holds: async () => {
        const number = await this.owned(e164);
        return number?.agent_id === this.agentId || number?.states.includes('released') === true;
      },
    };
  }

  private async release(): Promise<Promised> {
    const e164 = this.bought.at(-1)!.phone.e164;
    const id = (await this.owned(e164))!.id;
    await this.client.done('numbers/release', { id, typed: e164.slice(-4) });
    return { what: `${e164} is released`, holds: async () => (await this.owned(e164))?.states.includes('released') === true };
  }

  /** The wallet is what was paid in less what was bought, to the last millionth, and its lines add up to it. */
  async balances() {
    const wallet = await this.client.wallet();
    expect(wallet).toMatchObject({ balance: this.toppedUp - this.spent, set_aside: 0, owed: 0 });
    const settled = wallet.lines.filter((line) => !line.pending).reverse();
    let balance = 0;
    for (const line of settled) {
      balance += line.amount;
      expect(line.balance_after, line.what).toBe(balance);
    }
    expect(balance).toBe(wallet.balance);
  }
}

function paidIn(wallet: Wallet): number {
  return wallet.lines.filter((line) => line.what === 'Top-up').reduce((sum, line) => sum + line.amount, 0);
}

/** Somebody who keeps the server writing, so that it is never idle when it is killed; what they were answered counts as well. */
class Busybody {
  readonly client: Client;
  private readonly made: string[] = [];

  constructor(server: Server) {
    this.client = new Client(server.url);
  }

  /** Writes until the server is gone. */
  async untilTheEnd() {
    for (;;) {
      const name = `Agent ${this.made.length + 1}, ${performance.now()}`;
      const answer = await this.client.write('agents/create', { name, kind: 'person', destination: 'sip:busy@pbx.example' }).catch(() => undefined);
      if (answer?.status !== 200) return;
      this.made.push(name);
    }
  }

  async checks() {
    const { agents } = await this.client.read<Agents>('agents/list');
    expect(agents.map((agent) => agent.name)).toEqual(expect.arrayContaining(this.made));
  }
}

/** Does one turn and kills the server behind its answer; says how many milliseconds behind. */
async function killBehind(server: Server, customer: Customer, busybody: Busybody, turn: () => Promise<Promised>) {
  const ended = new Promise((done) => server.process.once('exit', done));
  const noise = busybody.untilTheEnd();
  let killedAt = 0;
  customer.client.behindNextWrite = () => {
    server.process.kill('SIGKILL');
    killedAt = performance.now();
  };
  const promised = await turn();
  await Promise.all([ended, noise]);
  return { promised, behind: killedAt - customer.client.lastByteAt };
}

test('everything answered is still true after each of 20 kills', async () => {
  test.setTimeout(150_000);
  let server = await startOnCopy();
  const { dataDir } = server;
  try {
    const customer = new Customer(server);
    await customer.moveIn();
    const busybody = new Busybody(server);
    await busybody.client.signUp('Busy');
    const promises: Promised[] = [];
    let counted = 0;
    for (let attempt = 0; counted < KILLS; attempt += 1) {
      expect(attempt, 'kills came too late to count').toBeLessThan(2 * KILLS);
      const { promised, behind } = await killBehind(server, customer, busybody, customer.turns[attempt % customer.turns.length]!);
      if (behind < BEHIND) counted += 1;
      promises.push(promised);
      server = await start(dataDir);
      customer.client.url = server.url;
      busybody.client.url = server.url;
      for (const { what, holds } of promises) expect(await holds(), `after kill ${attempt + 1}: ${what}`).toBe(true);
      await customer.balances();
      await busybody.checks();
    }
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
