import type { PeerlineServer } from '../create-server.ts';
import { TestClient } from './client.ts';
import { joinRequest, randomId } from './identity.ts';
import type { Random } from './random.ts';
import { RawSocket } from './raw-socket.ts';

export type RoomKind = 'absent' | 'open' | 'full' | 'locked' | 'knock' | 'password' | 'moved';

export interface KnownRoom {
  readonly kind: RoomKind;
  readonly room: string;
  readonly members: readonly TestClient[];
}

/** What an outsider tries in place of the plain join, or sends behind it. */
export interface Question {
  readonly name: string;
  readonly join?: (victim: string) => object;
  /** Events, of which the first that is answered counts. */
  readonly behind?: (victim: string) => readonly (readonly [string, object?])[];
}

const PLAIN: Question = { name: 'a plain join' };

/** Nothing answers to this name, so a `problem` comes at any rate. */
const MARK = ['what-was-that'] as const;

export const OTHER_QUESTIONS: readonly Question[] = [
  { name: 'a wrong secret for a member', join: (peer) => ({ peer }) },
  { name: 'a password', join: () => ({ door: { key: randomId() } }) },
  { name: 'a lock', join: () => ({ door: { access: 'locked' } }) },
  { name: 'the knock', join: () => ({ door: { access: 'knock' } }) },
  { name: 'those expected', join: (peer) => ({ door: { expects: [peer] } }) },
  { name: 'no room secret', join: () => ({ roomSecret: undefined }) },
  { name: 'a signal to a member', behind: (to) => [['signal', { to, body: 'x' }]] },
  { name: 'removing a member', behind: (peer) => [['remove', { peer }], MARK] },
  { name: 'letting a member in', behind: (peer) => [['admit', { peer }]] },
  { name: 'sending a member away', behind: (peer) => [['decline', { peer }]] },
];

export interface Findings {
  asked: number;
  /** Connections that ended before they were answered, as a stall of 2 s makes it; they are asked again. */
  lost: number;
  /** Each answer, without what the asker chose and what the clock says, and how often it came. */
  readonly answers: Map<string, number>;
  readonly kinds: RoomKind[];
  readonly timesMs: Map<RoomKind, number[]>;
}

const LOST_MAX = 100;

/** Asks a server about rooms whose id it knows and whose link it does not. */
export class Enumerator {
  readonly #server: PeerlineServer;
  readonly #random: Random;
  readonly #question: Question;

  constructor(server: PeerlineServer, random: Random, question = PLAIN) {
    this.#server = server;
    this.#random = random;
    this.#question = question;
  }

  async ask(rooms: readonly KnownRoom[], questions: number): Promise<Findings> {
    const findings: Findings = {
      ...{ asked: 0, lost: 0 },
      ...{ answers: new Map(), kinds: [], timesMs: new Map() },
    };
    for (let n = 0; n < questions; n += 1) {
      // Each kind as often as any other, and none at a time of its own.
      const known = n < rooms.length ? rooms[n] : this.#random.pick(rooms);
      if (known === undefined) continue;
      const { asked } = findings;
      while (findings.asked === asked) {
        await this.#one(known, findings).catch(() => (findings.lost += 1));
        if (findings.lost > LOST_MAX) throw new Error('connections end unanswered');
      }
    }
    return findings;
  }

  async #one({ kind, room, members }: KnownRoom, findings: Findings): Promise<void> {
    const { join, behind } = this.#question;
    const socket = await RawSocket.open(this.#server);
    await socket.packet('0');
    const victim = members[0]?.peer ?? randomId();
    // Of an absent room too it asks by an id that was seen somewhere once.
    const asked = kind === 'absent' && this.#random.chance(0.5) ? randomId() : room;
    const request = { ...joinRequest({ room: asked, roomSecret: randomId() }), ...join?.(victim) };
    const beganMs = performance.now();
    socket.send(`40${JSON.stringify(request)}`);
    let packet = await answerOn(socket);
    const tookMs = performance.now() - beganMs;
    if (behind !== undefined) {
      for (const event of behind(victim)) socket.send(`42${JSON.stringify(event)}`);
      packet += await answerOn(socket);
    }
    findings.asked += 1;
    if (findings.kinds.length < 1_000) findings.kinds.push(kind);
    const same = withoutOwn(packet, [request.peer, victim, request.room]);
    findings.answers.set(same, (findings.answers.get(same) ?? 0) + 1);
    const times = findings.timesMs.get(kind) ?? [];
    findings.timesMs.set(kind, times);
    times.push(tookMs);
    socket.tcp.destroy();
    await socket.closed;
  }
}

/** The next event or refusal. */
async function answerOn(socket: RawSocket): Promise<string> {
  return await socket.packets.nextWhere((packet) => /^4[24]/.test(packet));
}

/** The answer without the ids that the asker chose, and the clock in the version of its own new room. */
function withoutOwn(packet: string, ids: readonly string[]): string {
  let text = packet.replace(/"version":\d{16}(?=,)/, '"version":<µs>');
  for (const [index, id] of ids.entries()) text = text.replaceAll(id, `<id ${index}>`);
  return text;
}

/** One room of each kind, with those who are in it. */
export async function roomsOfAllKinds(
  server: PeerlineServer,
  token?: string,
): Promise<readonly KnownRoom[]> {
  const made: KnownRoom[] = [];
  const enter = async (room: string, door?: object): Promise<TestClient> => {
    const request = joinRequest({ room, ...(token !== undefined && { token }) });
    const client = new TestClient(server, { ...request, ...(door !== undefined && { door }) });
    client.socket.connect();
    await client.expect('welcome');
    return client;
  };
  const keep = async (kind: RoomKind, ...members: TestClient[]): Promise<void> => {
    for (const member of members) await member.drain();
    made.push({ kind, room: rooms[kind], members });
  };
  const rooms: Record<RoomKind, string> = {
    ...{ absent: randomId(), open: randomId(), full: randomId(), locked: randomId() },
    ...{ knock: randomId(), password: randomId(), moved: randomId() },
  };
  await keep('absent');
  await keep('open', await enter(rooms.open), await enter(rooms.open));
  await keep('full', await enter(rooms.full), await enter(rooms.full), await enter(rooms.full));
  await keep('locked', await enter(rooms.locked, { access: 'locked' }));
  await keep('knock', await enter(rooms.knock, { access: 'knock' }));
  await keep('password', await enter(rooms.password, { key: randomId() }));
  const host = await enter(rooms.moved);
  const rude = await enter(rooms.moved);
  host.socket.emit('remove', { peer: rude.peer });
  await rude.closed();
  await keep('moved', host);
  return made;
}
