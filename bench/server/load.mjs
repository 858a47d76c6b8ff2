// A process of its own with very many clients of one server. It is told what to do by its parent.
import { WebSocket } from 'ws';
import { DIALECTS, newMember, newRoom } from './dialects.mjs';

const ROOM_SIZE = 4;
/** No more than a network of people has; each is an address of loopback. */
const CLIENTS_PER_ADDRESS = 8;
/** So many joins are on their way at a time. */
const JOINS_AT_ONCE = 64;

let dialect;
let port = 0;
/** @type {Client[]} */
const clients = [];
let onArrival = (_body) => undefined;

class Client {
  constructor(member, address) {
    this.member = member;
    this.address = address;
  }

  open() {
    const subprotocols = dialect.subprotocols?.(this.member) ?? [];
    const socket = new WebSocket(dialect.url(port, this.member), subprotocols, {
      localAddress: this.address,
      perMessageDeflate: false,
    });
    this.socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('message', (/** @type {Buffer} */ data) => {
        const heard = dialect.hear(data.toString(), this.member);
        if (heard.kind === 'answer') socket.send(heard.text);
        else if (heard.kind === 'body') onArrival(heard.body);
        else if (heard.kind === 'ready') resolve();
      });
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`a client was closed: ${code}`)));
      if (dialect.heartbeat !== undefined) {
        const { everyMs, text } = dialect.heartbeat;
        setInterval(() => socket.readyState === 1 && socket.send(text), everyMs).unref();
      }
    });
  }

  say(to, body) {
    this.socket.send(dialect.say(to.member.id, body));
  }
}

/** 127.1.0.1 and on. */
function addressOf(index) {
  const n = Math.floor(index / CLIENTS_PER_ADDRESS);
  return `127.${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`.replace(/\.0$/, '.254');
}

/** The next one in the room. */
function partnerOf(index) {
  const first = index - (index % ROOM_SIZE);
  return clients[first + ((index + 1) % ROOM_SIZE)];
}

async function open({ count }) {
  let room = newRoom();
  const added = [];
  for (let n = 0; n < count; n += 1) {
    const index = clients.length;
    if (index % ROOM_SIZE === 0) room = newRoom();
    const client = new Client(newMember(room), addressOf(index));
    clients.push(client);
    added.push(client);
  }
  const queue = added.values();
  const work = async () => {
    for (const client of queue) await client.open();
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, work));
  return {};
}

/** So many messages a second for a while, evenly. */
async function pace({ perSecond, seconds, bytes }) {
  const filling = 'x'.repeat(bytes);
  const latenciesMs = [];
  let sent = 0;
  onArrival = (body) => latenciesMs.push(performance.now() - Number(body.split('|', 1)[0]));
  const beganMs = performance.now();
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - beganMs;
      const due = Math.floor((Math.min(elapsedMs, seconds * 1_000) / 1_000) * perSecond);
      for (; sent < due; sent += 1) {
        const index = (sent * 7) % clients.length;
        clients[index].say(partnerOf(index), `${performance.now()}|${filling}`);
      }
      if (elapsedMs < seconds * 1_000) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await until(() => latenciesMs.length >= sent, 5_000);
  latenciesMs.sort((a, b) => a - b);
  const at = (part) => latenciesMs[Math.ceil(latenciesMs.length * part) - 1] ?? 0;
  return { sent, arrived: latenciesMs.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** Calls as fast as they go, each as the messages that it takes; so many are on their way at a time. */
async function calls({ count, sizes, atOnce }) {
  const bodies = sizes.map((size) => `|${'x'.repeat(size)}`);
  let arrived = 0;
  let started = 0;
  const begin = () => {
    const call = started;
    started += 1;
    const index = (call * 7) % clients.length;
    const ends = [clients[index], partnerOf(index)];
    bodies.forEach((body, n) => ends[n % 2].say(ends[(n + 1) % 2], body));
  };
  await new Promise((resolve) => {
    onArrival = () => {
      arrived += 1;
      if (arrived % bodies.length === 0 && started < count) begin();
      if (arrived === count * bodies.length) resolve();
    };
    while (started < Math.min(atOnce, count)) begin();
  });
  return {};
}

async function until(isMet, timeoutMs) {
  const endMs = performance.now() + timeoutMs;
  while (!isMet() && performance.now() < endMs) await new Promise((done) => setTimeout(done, 5));
}

const ORDERS = { open, pace, calls };

process.on('message', (order) => {
  if (order.dialect !== undefined) dialect = DIALECTS[order.dialect];
  if (order.port !== undefined) port = order.port;
  const beganMs = performance.now();
  ORDERS[order.do](order).then(
    (result) => process.send({ ...result, tookMs: performance.now() - beganMs }),
    (error) => process.send({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
