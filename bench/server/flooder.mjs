// One address that does all it can against a Peerline server. Usage: node flooder.mjs PORT ADDRESS [KIND…]
import { get } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { DIALECTS, newMember, newRoom } from './dialects.mjs';

const port = Number(process.argv[2]);
const localAddress = process.argv[3];
const { url, hear, say } = DIALECTS.peerline;

const done = { opened: 0, refused: 0, frames: 0, requests: 0, sockets: 0 };
const BURST = 200;
const AT_ONCE = 20;

const turn = () => new Promise((resolve) => setImmediate(resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns an open WebSocket, or nothing where it was refused */
function open() {
  const socket = new WebSocket(url(port), { localAddress, perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.on('open', () => {
      done.opened += 1;
      resolve(socket);
    });
    socket.on('error', () => {
      done.refused += 1;
      resolve(undefined);
    });
  });
}

async function join(member) {
  const socket = await open();
  if (socket === undefined) return undefined;
  return await new Promise((resolve) => {
    socket.on('close', () => resolve(undefined));
    socket.on('message', (data) => {
      const heard = hear(data.toString(), member);
      if (heard.kind === 'answer') socket.send(heard.text);
      if (heard.kind === 'ready') resolve(socket);
    });
  });
}

/** Says the same as fast as it goes, until it is cut. */
async function flood(socket, text) {
  while (socket !== undefined && socket.readyState === WebSocket.OPEN) {
    for (let n = 0; n < BURST; n += 1) socket.send(text);
    done.frames += BURST;
    // No more than the kernel takes, or it would be this process that floods.
    while (socket.bufferedAmount > 1_000_000) await pause(1);
    await turn();
  }
}

const KINDS = [
  /** Messages to someone in a room of its own. */
  async function messages() {
    const room = newRoom();
    const [one, other] = [newMember(room), newMember(room)];
    await join(other);
    await flood(await join(one), say(other.id, 'x'.repeat(2_000)));
  },
  /** To someone who does not read. */
  async function stalled() {
    const room = newRoom();
    const [one, other] = [newMember(room), newMember(room)];
    const deaf = await join(other);
    deaf?.pause();
    await flood(await join(one), say(other.id, 'x'.repeat(30_000)));
  },
  async function nobody() {
    await flood(await join(newMember(newRoom())), say(newRoom(), 'x'));
  },
  async function pongs() {
    await flood(await open(), '3');
  },
  async function large() {
    await flood(await open(), `42["${'x'.repeat(120_000)}"]`);
  },
  async function connections() {
    await Promise.all(Array.from({ length: AT_ONCE }, open));
  },
  function requests() {
    const path = '/socket.io/?EIO=4&transport=polling';
    const one = () =>
      new Promise((resolve) => {
        done.requests += 1;
        get({ port, host: '127.0.0.1', localAddress, path, agent: false }, (answer) => {
          answer.resume();
          answer.on('end', resolve);
        }).on('error', resolve);
      });
    return Promise.all(Array.from({ length: AT_ONCE }, one));
  },
  /** TCP connections on which nothing comes. */
  async function silence() {
    const sockets = Array.from({ length: AT_ONCE }, () => {
      done.sockets += 1;
      return connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    });
    await pause(100);
    for (const socket of sockets.slice(0, AT_ONCE / 2)) socket.destroy();
  },
];

const wanted = process.argv.slice(4);
for (const kind of KINDS) {
  if (wanted.length > 0 && !wanted.includes(kind.name)) continue;
  void (async () => {
    for (;;) {
      await kind();
      await pause(5);
    }
  })();
}
process.on('message', () => process.send(done));
process.on('disconnect', () => process.exit(0));
