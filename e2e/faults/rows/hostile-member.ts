import { SeededRandom } from '../../page/seeded-random.ts';
import { orderedPairs } from '../../rig/call.ts';
import type { JoinRequest } from '@peerline/protocol';
import type { RoomLink } from 'peerline';
import { joinBeside, overhearJoin, type RawMember } from '../../rig/raw-member.ts';
import { SignalProxy } from '../../rig/signal-proxy.ts';
import { waitFor } from '../../rig/tab.ts';
import type { Fault, Measurement, Pairing, Stage } from '../fault.ts';
import { BOTH_PAIRINGS } from '../watching.ts';
import { hostileEnvelopes } from './hostile-envelopes.ts';
import { LoopbackCall } from './loopback-call.ts';
import { requireUndisturbed, watchAll } from './observe.ts';
import { chooseSeed } from './seed.ts';

/** SPEC.md, RELAY5: a body has at most 32,256 bytes, and at 131,072 the connection is cut. */
const TOO_LARGE_BYTES = 40_000;
const FAR_TOO_LARGE_BYTES = 200_000;

/** Below the burst that the server grants a connection (SPEC.md, RATE1). */
const ENVELOPES = 200;

/** Above it, to be thrown out. */
const FLOOD = 2_000;

/** Two are in a call, and someone with the link throws all sorts of things at the server and at both. */
class HostileMember implements Stage {
  readonly #call: LoopbackCall;
  readonly #proxy: SignalProxy;
  readonly #join: JoinRequest;
  readonly #link: RoomLink;
  readonly #seed = chooseSeed();

  private constructor(call: LoopbackCall, proxy: SignalProxy, join: JoinRequest, link: RoomLink) {
    this.#call = call;
    this.#proxy = proxy;
    this.#join = join;
    this.#link = link;
  }

  static async setUp(pairing: Pairing): Promise<Stage> {
    const [first, second] = pairing;
    const call = await LoopbackCall.begin([first]);
    const proxy = await SignalProxy.start(call.server.url);
    const overheard = overhearJoin(proxy);
    const member = await call.take(second, { url: proxy.url });
    await call.everyoneSeesEveryone();
    const link = await member.tab.evaluate(() => window.harness.room.link);
    return new HostileMember(call, proxy, await overheard, link);
  }

  async run(run: number): Promise<Measurement> {
    const { members, server } = this.#call;
    const pairs = orderedPairs(members);
    // Run 1 of a given seed is that very one.
    const seed = this.#seed + run - 1;
    const beginMs = await watchAll(pairs);

    const hostile = await joinBeside(server.url, this.#join, this.#link);
    const answered = await wrongMessages(hostile);
    const envelopes = hostileEnvelopes(new SeededRandom(seed), ENVELOPES);
    for (const body of envelopes) {
      for (const to of hostile.peers) {
        hostile.socket.emit('signal', { to, body: await hostile.seal(to, body) });
      }
    }
    await answersAgain(hostile);
    await isThrownOut(hostile, () => {
      for (let n = 0; n < FLOOD; n += 1) hostile.socket.emit('signal', { to: hostile.peers[0] });
    });
    const large = await joinBeside(server.url, this.#join, this.#link);
    await isThrownOut(large, () => {
      large.socket.emit('signal', { to: large.peers[0], body: 'x'.repeat(FAR_TOO_LARGE_BYTES) });
    });

    for (const { tab } of members) {
      await waitFor(tab, 'the hostile one to be gone', () => window.harness.names().length === 1);
    }
    await requireUndisturbed(pairs, beginMs);
    const complaints = members.flatMap(({ tab }) => tab.problems);
    return {
      value: complaints.length + (server.isRunning ? 0 : 1),
      note: `seed ${seed}: ${answered} typed errors, ${envelopes.length} envelopes to each${complaints.map((one) => `; ${one}`).join('')}`,
    };
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    await this.#call.close();
  }
}

/** What the server has to answer with a typed problem each (SPEC.md, PROBLEM1). @returns how many */
async function wrongMessages(member: RawMember): Promise<number> {
  const [peer] = member.peers;
  const wrong: readonly (readonly [string, unknown])[] = [
    ['signal', null],
    ['signal', { to: peer }],
    ['signal', { to: peer, body: 5 }],
    ['signal', { to: peer, body: 'x', from: peer }],
    ['signal', { to: 'nobody', body: 'x' }],
    ['signal', { to: 'AAAAAAAAAAAAAAAAAAAAAA', body: 'x' }],
    ['signal', { to: peer, body: 'x'.repeat(TOO_LARGE_BYTES) }],
    ['welcome', {}],
    ['left', { peer, version: 1, reason: 'left' }],
    ['__proto__', { to: peer }],
    ['ice-servers', { iceServers: [] }],
  ];
  for (const [event, data] of wrong) member.socket.emit(event, data);
  await answersAgain(member);
  const count = [...member.problems.values()].reduce((sum, one) => sum + one, 0);
  // One more for the question itself.
  if (count !== wrong.length + 1) {
    throw new Error(`of ${wrong.length} wrong messages ${count - 1} were answered`);
  }
  return wrong.length;
}

/** Waits until everything sent so far was looked at. */
function answersAgain({ socket }: RawMember): Promise<void> {
  const mark = 'are-you-there';
  return new Promise((resolve, reject) => {
    socket.on('problem', (problem: { readonly event?: string }) => {
      if (problem.event === mark) resolve();
    });
    socket.once('disconnect', (reason) => reject(new Error(`thrown out: ${reason}`)));
    socket.emit(mark);
  });
}

function isThrownOut({ socket }: RawMember, provoke: () => void): Promise<void> {
  return new Promise((resolve) => {
    socket.once('disconnect', () => resolve());
    provoke();
  });
}

export const hostileMember: Fault = {
  id: '22',
  title: 'Oversize, garbage and disorder from a member',
  expected: {
    unit: 'count',
    max: 0,
    at: 'worst',
    what: 'crashes of server or page; the call has no gap',
  },
  pairings: BOTH_PAIRINGS,
  runs: { full: 5, short: 0 },
  setUp: (pairing) => HostileMember.setUp(pairing),
};
