// One of two buyers in a race, in a thread of its own and on a connection of its own. Both threads meet before each number, and the
// last one to arrive lets both go; then each sends a request that was ready before.
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { url, cookie, buyer, numbers, meeting } = workerData;
const [ARRIVED, GONE] = [0, 1];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Waits for the other thread, without letting go of this one. */
function meet(round) {
  if (Atomics.add(meeting, ARRIVED, 1) + 1 === 2 * (round + 1)) {
    Atomics.store(meeting, GONE, round + 1);
    Atomics.notify(meeting, GONE);
  } else {
    while (Atomics.load(meeting, GONE) <= round) {
      if (Atomics.wait(meeting, GONE, round, 10_000) === 'timed-out') throw new Error(`nobody came to race ${round}`);
    }
  }
}

/** Buys one number; both times are in nanoseconds of the machine's clock, which both threads share. */
function buy(round, row) {
  return new Promise((done, fail) => {
    const form = new URLSearchParams({ e164: row.e164, request_key: `race-${round}-${buyer}`, max_price: row.price, agent_id: '' }).toString();
    const headers = {
      accept: 'application/json', origin: url, cookie,
      'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form),
    };
    let sentAt = 0n;
    const sent = request(`${url}/rpc/orders/buy`, { method: 'POST', agent, headers }, (answer) => {
      const answeredAt = process.hrtime.bigint();
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', fail);
      answer.on('end', () => done({ status: answer.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()), sentAt, answeredAt }));
    });
    sent.on('error', fail);
    sent.on('socket', (socket) => {
      const go = () => {
        meet(round);
        sentAt = process.hrtime.bigint();
        sent.end(form);
      };
      if (socket.connecting) socket.once('connect', go);
      else go();
    });
  });
}

const answers = [];
for (const [round, row] of numbers.entries()) answers.push(await buy(round, row));
agent.destroy();
parentPort.postMessage(answers);
