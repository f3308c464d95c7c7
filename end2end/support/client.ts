// A person over plain HTTP, on one connection of their own: the requests that the pages' forms send, without a browser.
import { Agent, request } from 'node:http';

export type Answer<T = unknown> = { status: number; body: T };
/** What a refused request answers. */
export type Refused = { kind: string; refusal: { code: string; reason?: string; errors?: { field: string; message: string }[]; [fact: string]: unknown } };
/** Amounts are whole millionths. */
export type Wallet = {
  balance: number; set_aside: number; available: number; owed: number; total_lines: number; next_cursor: string | null;
  lines: { id: string; what: string; amount: number; balance_after: number; pending: boolean }[];
};
export type Row = { phone: { e164: string; formatted: string }; setup: number; monthly: number };
export type Search = { total: number; rows: Row[]; next_cursor: string | null };

export const MILLIONTHS = 1_000_000;
let made = 0;

export class Client {
  cookie = '';
  /** Called once, in the moment in which the last byte of the next write's answer has come in. */
  behindNextWrite?: () => void;
  /** When the last byte of the latest answer came in, in milliseconds of `performance.now()`. */
  lastByteAt = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(public url: string) {}

  /** Calls a server function that changes something, as a page's script does. */
  write<T = unknown>(path: string, fields: Record<string, string>): Promise<Answer<T>> {
    return this.send('POST', `/rpc/${path}`, new URLSearchParams(fields).toString());
  }

  /** Calls a server function that reads, and insists on an answer. */
  async read<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    const answer = await this.send<T>('GET', `/rpc/${path}?${new URLSearchParams(query)}`);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Calls a server function that changes something, and insists on it. */
  async done<T = unknown>(path: string, fields: Record<string, string>): Promise<T> {
    const answer = await this.write<T>(path, fields);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Makes an organization; this client is its owner from now on. */
  async signUp(name: string): Promise<string> {
    made += 1;
    const email = `${name.toLowerCase()}-${process.pid}-${Date.now()}-${made}@example.com`;
    await this.done('accounts/sign-up', { organization: `${name} ${made}`, name: `${name} Person`, email, password: 'a long enough secret' });
    return email;
  }

  async signIn(email: string, password: string) {
    await this.done('accounts/sign-in', { email, password });
  }

  async topUp(amount: string) {
    made += 1;
    await this.done('wallet/top-up', { amount, request_key: `top-up-${process.pid}-${made}` });
  }

  /** The first numbers of an area code that are free, `count` of them. */
  async free(area: string, count: number): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = '';
    while (rows.length < count) {
      const page = await this.read<Search>('search/rows', { 'input[area]': area, 'input[sort]': 'number', 'input[strict]': '1', 'input[cursor]': cursor });
      rows.push(...page.rows);
      if (!page.next_cursor) break;
      cursor = page.next_cursor;
    }
    if (rows.length < count) throw new Error(`only ${rows.length} numbers in ${area}`);
    return rows.slice(0, count);
  }

  /** Balance and every line of the ledger, newest first. */
  async wallet(): Promise<Wallet> {
    const wallet = await this.read<Wallet>('wallet/get', { 'input[kind]': '' });
    for (let cursor = wallet.next_cursor; cursor; ) {
      const page = await this.read<Wallet>('wallet/get', { 'input[cursor]': cursor });
      wallet.lines.push(...page.lines);
      cursor = page.next_cursor;
    }
    return wallet;
  }

  close() {
    this.agent.destroy();
  }

  private send<T>(method: string, path: string, form?: string): Promise<Answer<T>> {
    return new Promise((done, fail) => {
      const headers: Record<string, string> = { accept: 'application/json', origin: this.url, cookie: this.cookie };
      if (form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
      const sent = request(this.url + path, { method, agent: this.agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => {
          this.lastByteAt = performance.now();
          chunks.push(chunk);
        });
        answer.on('error', fail);
        answer.on('end', () => {
          if (form !== undefined) {
            this.behindNextWrite?.();
            this.behindNextWrite = undefined;
          }
          for (const cookie of answer.headers['set-cookie'] ?? []) this.cookie = cookie.split(';')[0]!;
          done({ status: answer.statusCode ?? 0, body: parsed<T>(Buffer.concat(chunks).toString()) });
        });
      });
      sent.on('error', fail);
      sent.end(form);
    });
  }
}

function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return text as T;
  }
}
