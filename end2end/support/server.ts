// A real server: the release program on a data directory of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the demo writes beside its database. */
export type Demo = {
  url: string;
  users: { email: string; password: string; role: string; organization: string | null; platformAdmin: boolean }[];
  keys: { name: string; organization: string; authId: string; token: string; scopes: string[] }[];
};

export type Server = { url: string; demo: Demo; dataDir: string; process: ChildProcess; stop: () => Promise<void> };

const program = process.env.DIALYARD_BINARY ?? resolve(__dirname, '../../target/release/dialyard');
const siteRoot = process.env.DIALYARD_SITE_ROOT ?? resolve(__dirname, '../../target/site');
/** The seeded demo that every server starts from a copy of. */
export const template = join(tmpdir(), `dialyard-end2end-${process.env.DIALYARD_RUN}`);

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

/** Starts the program on `dataDir` and waits until it is ready; on the port of a server that was there before, if it is named. */
export async function start(dataDir: string, flags: string[] = [], before?: Server): Promise<Server> {
  const port = before ? Number(new URL(before.url).port) : await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, ['serve', '--demo', '--listen', `127.0.0.1:${port}`, '--data-dir', dataDir, '--site-root', siteRoot, '--log', 'warn', ...flags], {
    stdio: ['ignore', 'ignore', process.env.DIALYARD_SERVER_LOG ? 'inherit' : 'ignore'],
  });
  let ended = false;
  child.once('exit', () => (ended = true));
  // A demo is seeded in seconds; a machine that does other things too may take minutes.
  let ready = false;
  for (let attempt = 0; !ready; attempt += 1) {
    if (ended || attempt === 2_400) throw new Error(ended ? 'the server ended while it was starting' : 'the server was not ready in minutes');
    await new Promise((next) => setTimeout(next, 100));
    ready = await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  }
  const demo: Demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'));
  const stop = () =>
    new Promise<void>((done) => {
      if (ended) return done();
      child.once('exit', () => done());
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    });
  return { url, demo, dataDir, process: child, stop };
}

/** Starts a server on a fresh copy of the seeded demo. */
export async function startOnCopy(flags: string[] = []): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'dialyard-server-'));
  cpSync(template, dataDir, { recursive: true });
  const server = await start(dataDir, flags);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
