import { createHash, randomBytes } from 'node:crypto';
import { parseJoin, type Introduction, type JoinRequest, type PeerId } from '@peerline/protocol';
import type { RoomLink } from 'peerline';
import { RoomSeal, type PairSealing } from 'peerline/testing';
import { io, type Socket } from 'socket.io-client';
import type { SignalProxy } from './signal-proxy.ts';

/** Resolves with the next join that goes through a proxy, which then carries everything as before. */
export function overhearJoin(proxy: SignalProxy): Promise<JoinRequest> {
  const { meddle } = proxy;
  return new Promise((resolve) => {
    proxy.meddle = (passing) => {
      const join = passing.way === 'up' ? joinIn(passing.text) : undefined;
      if (join !== undefined) {
        proxy.meddle = meddle;
        resolve(join);
      }
      meddle(passing);
    };
  });
}

/** SPEC.md, JOIN3. */
export function drawIdentity(): { readonly peer: PeerId; readonly secret: string } {
  const secret = randomBytes(16).toString('base64url');
  const digest = createHash('sha256').update(`peerline/1 peer id ${secret}`).digest();
  return { peer: digest.subarray(0, 16).toString('base64url') as PeerId, secret };
}

/** Another member of the same room, who holds its link. */
export async function joinBeside(
  url: string,
  { protocol, room, roomSecret }: JoinRequest,
  link: RoomLink,
): Promise<RawMember> {
  const { peer, secret } = drawIdentity();
  const seal = await RoomSeal.create(link, { room, peer });
  const parsed = parseJoin({ protocol, room, roomSecret, peer, secret, card: seal.card });
  if (!parsed.ok) throw parsed.error;
  return RawMember.join(url, parsed.value, seal);
}

/** Someone in a room with nothing but a connection to the server: no SDK, no WebRTC. */
export class RawMember {
  readonly id: PeerId;
  readonly peers: readonly PeerId[];
  readonly #pairs: ReadonlyMap<PeerId, PairSealing>;
  readonly socket: Socket;
  /** Problems that the server told of, by code. */
  readonly problems = new Map<string, number>();

  private constructor(
    id: PeerId,
    socket: Socket,
    pairs: ReadonlyMap<PeerId, PairSealing>,
    peers: readonly PeerId[],
  ) {
    this.id = id;
    this.socket = socket;
    this.peers = peers;
    this.#pairs = pairs;
    socket.on('problem', (problem: { readonly code: string }) => {
      this.problems.set(problem.code, (this.problems.get(problem.code) ?? 0) + 1);
    });
  }

  /** @returns once it is welcome */
  static async join(url: string, join: JoinRequest, seal?: RoomSeal): Promise<RawMember> {
    const socket = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      auth: { ...join },
    });
    const introduced = await new Promise<readonly Introduction[]>((resolve, reject) => {
      socket.once('welcome', ({ peers }: { readonly peers: readonly Introduction[] }) => {
        resolve(peers);
      });
      socket.once('connect_error', reject);
    });
    const pairs = new Map<PeerId, PairSealing>();
    for (const { peer, card } of introduced) {
      const pair = await seal?.pair(peer, card);
      if (pair !== undefined) pairs.set(peer, pair);
    }
    const peers = introduced.map(({ peer }) => peer);
    return new RawMember(join.peer, socket, pairs, peers);
  }

  /** @returns the text sealed for that peer, or as it is where it is too large for that */
  async seal(to: PeerId, text: string): Promise<string> {
    return (await this.#pairs.get(to)?.seal(text)) ?? text;
  }

  close(): void {
    this.socket.disconnect();
  }
}

function joinIn(packet: string): JoinRequest | undefined {
  if (!packet.startsWith('40{')) return undefined;
  const parsed = parseJoin(JSON.parse(packet.slice(2)));
  return parsed.ok ? parsed.value : undefined;
}
