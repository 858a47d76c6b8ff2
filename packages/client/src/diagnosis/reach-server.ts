import { parseCard, PROTOCOL_VERSION, type IceServer } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { createRoomLink } from '../link/room-link.ts';
import { createIdentity, deriveRoomId, deriveRoomSecret, wellFormed } from '../link/room-keys.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { Finding } from './verdicts.ts';

/** Above a handshake over a slow phone network with one try lost; who waits longer leaves anyway. */
const SERVER_MAX_MS = 4_000;

/** Nobody else is in that room, to seal anything for it. */
const CARD = wellFormed(parseCard('A'.repeat(130)));

export interface ReachOptions {
  readonly url: string;
  readonly connect: (url: string) => Signaling;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Reach {
  readonly finding: Finding;
  /** As the server names them; undefined where it took nobody in. */
  readonly iceServers: readonly IceServer[] | undefined;
}

/**
 * Joins a room that nobody else can know, since its key was drawn just now, asks one question and
 * leaves. So no one sees a visitor, and the server needs nothing that it does not have.
 *
 * @throws PeerlineError `insecure-context`, `aborted`
 */
export async function reachServer({ url, connect, clock, signal }: ReachOptions): Promise<Reach> {
  const link = createRoomLink('check');
  const [room, roomSecret, { peer, secret }, { peer: nobody }] = await Promise.all([
    deriveRoomId(link),
    deriveRoomSecret(link),
    createIdentity(),
    createIdentity(),
  ]);
  if (signal.aborted) throw PeerlineError.aborted(signal.reason);
  const signaling = connect(url);
  let cancel: () => void = () => undefined;
  try {
    return await new Promise<Reach>((resolve, reject) => {
      let iceServers: readonly IceServer[] | undefined;
      let askedAtMs = 0;
      const answer = (finding: Finding): void => resolve({ finding, iceServers });
      signaling.on('welcome', (welcome) => {
        if (iceServers === undefined) {
          askedAtMs = clock.nowMs();
          // Nobody has this id, which the server says at once (SPEC.md, RELAY3).
          signaling.relay(nobody, '?');
        }
        ({ iceServers } = welcome);
      });
      signaling.on('problem', ({ code }) => {
        if (code !== 'unknown-peer') return;
        answer({ code: 'server-reachable', url, rttMs: clock.nowMs() - askedAtMs });
      });
      signaling.on('state', (state) => {
        if (state.status !== 'refused') return;
        const { code } = state.refusal;
        // Nobody hosts this room, so no host refuses.
        if (code === 'declined' || code === 'removed') return;
        answer({ code: 'server-refused', url, refusal: code });
      });
      cancel = clock.setTimeout(() => {
        if (iceServers !== undefined) answer({ code: 'server-reachable', url, rttMs: undefined });
        else answer({ code: 'server-unreachable', url, online: isOnline() });
      }, SERVER_MAX_MS);
      signal.addEventListener('abort', () => reject(PeerlineError.aborted(signal.reason)), {
        once: true,
      });
      const self = { room, roomSecret, peer, secret, card: CARD };
      signaling.connect({ protocol: PROTOCOL_VERSION, ...self });
    });
  } finally {
    cancel();
    signaling.leave();
  }
}

/** Node has a navigator that says nothing about networks. */
function isOnline(): boolean | undefined {
  const { navigator }: { readonly navigator?: { readonly onLine?: boolean } } = globalThis;
  return navigator?.onLine;
}
