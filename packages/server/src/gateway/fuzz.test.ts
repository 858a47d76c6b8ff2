import { describe, expect, it } from 'vitest';
import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from '../testing/client.ts';
import { Garbage } from '../testing/garbage.ts';
import { joinRequest, randomId } from '../testing/identity.ts';
import { Random, testSeed } from '../testing/random.ts';
import { RawSocket } from '../testing/raw-socket.ts';
import { RecordingLog } from '../testing/recording-log.ts';
import { startServer } from '../testing/server.ts';
import { UNLIMITED_RATES } from '../testing/unlimited.ts';

const MESSAGES = 100_000;
const ATTACKERS = 8;
/** Sent before each waits for the server; keeps memory flat and the honest ones interleaved. */
const BATCH = 100;
const TIMEOUT_MS = 120_000;

/** One hostile client that comes back whenever it is thrown out. */
class Attacker {
  readonly #server: PeerlineServer;
  readonly #random: Random;
  readonly #garbage: Garbage;
  #socket: RawSocket | undefined;
  sent = 0;
  /** Messages that the server answered with a problem. */
  answered = 0;

  constructor(server: PeerlineServer, random: Random, victims: readonly string[]) {
    this.#server = server;
    this.#random = random;
    this.#garbage = new Garbage(random, victims);
  }

  /** Sends a batch and waits until the server has answered or thrown it out. */
  async attack(): Promise<void> {
    const socket = await this.#enter();
    let isOpen = true;
    socket.tcp.once('close', () => (isOpen = false));
    for (let n = 0; n < BATCH && isOpen; n += 1) {
      // Frames that no WebSocket library would send end the connection, so they are rare.
      if (this.#random.chance(0.0005)) socket.frame(this.#random.below(16), this.#random.bytes(40));
      else socket.send(this.#garbage.packet());
      this.sent += 1;
    }
    const mark = randomId();
    socket.send(`42["${mark}"]`);
    await socket.packets
      .nextWhere((packet) => {
        if (packet.startsWith('42["problem"')) this.answered += 1;
        return packet.includes(mark);
      })
      .catch(() => {
        this.#socket = undefined;
      });
  }

  async leave(): Promise<void> {
    this.#socket?.tcp.destroy();
    await this.#socket?.closed;
  }

  /** Joins anew where it has to, with joins that are mostly wrong. */
  async #enter(): Promise<RawSocket> {
    while (this.#socket === undefined) {
      const socket = await RawSocket.open(this.#server);
      socket.send(this.#garbage.connect());
      this.sent += 1;
      const answer = await socket.packets
        .nextWhere((packet) => packet.startsWith('4'))
        .catch(() => 'cut');
      if (answer.startsWith('40')) this.#socket = socket;
    }
    return this.#socket;
  }
}

/** HTTP bodies in place of what a polling client would send. Any answer will do, none would throw. */
async function pollingGarbage(server: PeerlineServer, random: Random): Promise<void> {
  const base = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const opened = await (await fetch(base)).text();
  const [sid = ''] = /(?<="sid":")[^"]+/.exec(opened) ?? [];
  const bodies = [
    `40${JSON.stringify(joinRequest())}\u001e42["signal",null]\u001e`,
    random.bytes(random.below(300)),
    '\u001e'.repeat(random.below(300)),
    'b'.repeat(200_000),
    '1',
    '6'.repeat(100),
  ];
  const query = random.pick([`&sid=${sid}`, '&sid=__proto__', '&sid=%00', `&sid=${sid}&j=<x>`]);
  const method = random.pick(['POST', 'PUT', 'OPTIONS']);
  const response = await fetch(base + query, { method, body: random.pick(bodies) });
  await response.arrayBuffer();
  // Some of the joins were good; their seats would be held until the heartbeat ends.
  await (await fetch(`${base}&sid=${sid}`, { method: 'POST', body: '1' })).arrayBuffer();
}

describe('fuzz', () => {
  const seed = testSeed();
  it(
    `PROBLEM2 ${MESSAGES} hostile messages end neither the server nor anyone else's talk (seed ${seed})`,
    { timeout: TIMEOUT_MS },
    async () => {
      const random = new Random(seed);
      const log = new RecordingLog();
      const server = await startServer({
        log,
        limits: UNLIMITED_RATES,
      });
      const room = randomId();
      const ann = await TestClient.join(server, { room });
      const bob = await TestClient.join(server, { room });
      await ann.client.expect('joined');
      const victims = [ann.client.peer, bob.client.peer];
      const attackers = Array.from(
        { length: ATTACKERS },
        () => new Attacker(server, random, victims),
      );

      let rounds = 0;
      while (attackers.reduce((sum, { sent }) => sum + sent, 0) < MESSAGES) {
        ann.client.signal(bob.client.peer, `to bob ${rounds}`);
        bob.client.signal(ann.client.peer, `to ann ${rounds}`);
        await Promise.all(attackers.map((attacker) => attacker.attack()));
        if (rounds % 5 === 0) await pollingGarbage(server, random);
        rounds += 1;
      }

      for (const [{ client }, name] of [
        [ann, 'ann'],
        [bob, 'bob'],
      ] as const) {
        const seen = await client.drain();
        const from = victims.find((peer) => peer !== client.peer);
        expect(seen.map(({ data }) => data)).toEqual(
          Array.from({ length: rounds }, (_, round) => ({ from, body: `to ${name} ${round}` })),
        );
      }
      // The others were acknowledgements, frames that ended a connection, and what was behind them.
      const answered = attackers.reduce((sum, attacker) => sum + attacker.answered, 0);
      expect(answered).toBeGreaterThan(MESSAGES / 2);
      await Promise.all(attackers.map((attacker) => attacker.leave()));
      // Every seat that an attacker held is free again.
      await expect
        .poll(async () => await (await fetch(`${server.url}/healthz`)).json(), { timeout: 10_000 })
        .toMatchObject({ status: 'ok', rooms: 1, peers: 2 });
      expect(log.messagesAt('error')).toEqual([]);
    },
  );
});
