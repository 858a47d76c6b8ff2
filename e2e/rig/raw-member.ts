import { createHash, randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { SignalProxy } from './signal-proxy.ts';

/** What a client joins with (SPEC.md, JOIN1). */
export interface Join {
  readonly protocol: number;
  readonly room: string;
  readonly peer: string;
  readonly secret: string;
}

/** Resolves with the next join that goes through a proxy, which then carries everything as before. */
export function overhearJoin(proxy: SignalProxy): Promise<Join> {
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

/** Another member of the same room, who holds its link. */
export function joinBeside({ protocol, room }: Join): Join {
  const secret = randomBytes(16).toString('base64url');
  // SPEC.md, JOIN3.
  const digest = createHash('sha256').update(`peerline/1 peer id ${secret}`).digest();
  return { protocol, room, peer: digest.subarray(0, 16).toString('base64url'), secret };
}

/** Someone in a room with nothing but a connection to the server: no SDK, no WebRTC. */
export class RawMember {
  readonly peers: readonly string[];
  readonly socket: Socket;
  /** Problems that the server told of, by code. */
  readonly problems = new Map<string, number>();

  private constructor(socket: Socket, peers: readonly string[]) {
    this.socket = socket;
    this.peers = peers;
    socket.on('problem', (problem: { readonly code: string }) => {
      this.problems.set(problem.code, (this.problems.get(problem.code) ?? 0) + 1);
    });
  }

  /** @returns once it is welcome */
  static join(url: string, join: Join): Promise<RawMember> {
    const socket = io(url, {
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      auth: { ...join },
    });
    return new Promise((resolve, reject) => {
      socket.once('welcome', ({ peers }: { readonly peers: readonly string[] }) => {
        resolve(new RawMember(socket, peers));
      });
      socket.once('connect_error', reject);
    });
  }

  close(): void {
    this.socket.disconnect();
  }
}

function joinIn(packet: string): Join | undefined {
  if (!packet.startsWith('40{')) return undefined;
  const { protocol, room, peer, secret } = JSON.parse(packet.slice(2)) as Partial<Join>;
  if (protocol === undefined || room === undefined) return undefined;
  return peer === undefined || secret === undefined ? undefined : { protocol, room, peer, secret };
}
