// What a client of each server says, as raw WebSocket texts: one generator for all, so that its own cost is
// the same for everyone.
import { createHash, randomBytes } from 'node:crypto';

/**
 * @typedef {object} Dialect
 * @property {(port: number, who: Member) => string} url
 * @property {(who: Member) => string[]} [subprotocols] offered with the request
 * @property {(text: string, who: Member) => Heard} hear
 * @property {(to: string, body: string) => string} say
 * @property {(who: Member) => string} [first] what is said once it is open
 * @property {{ readonly everyMs: number, readonly text: string }} [heartbeat]
 */
/** @typedef {{ readonly id: string, readonly room: string, readonly secret: string }} Member */
/** @typedef {{ readonly kind: 'ready' | 'nothing' } | { readonly kind: 'body', readonly body: string } | { readonly kind: 'answer', readonly text: string }} Heard */

const NOTHING = /** @type {const} */ ({ kind: 'nothing' });
const READY = /** @type {const} */ ({ kind: 'ready' });

const id22 = () => randomBytes(16).toString('base64url');

/** The peer id that belongs to a join secret (SPEC.md, JOIN3). */
function peerIdOf(secret) {
  const digest = createHash('sha256').update(`peerline/1 peer id ${secret}`, 'ascii').digest();
  return digest.subarray(0, 16).toString('base64url');
}

/** @returns {Member} */
export function newMember(room) {
  const secret = id22();
  return { id: peerIdOf(secret), room, secret };
}

export function newRoom() {
  return id22();
}

/**
 * Engine.IO and Socket.IO, version 4 and 5 of their protocols.
 *
 * @param isAlong whether the CONNECT goes with the request (SPEC.md, JOIN10)
 */
function socketIo({ auth, readyEvent, bodyOf, say, isAlong = false }) {
  const jsonOf = (who) => JSON.stringify(auth(who));
  return {
    url: (port) => `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
    ...(isAlong && {
      subprotocols: (who) => [`join.${Buffer.from(jsonOf(who)).toString('base64url')}`, 'peerline'],
    }),
    hear(text, who) {
      if (text === '2') return { kind: 'answer', text: '3' };
      if (text.startsWith('0') && !isAlong) return { kind: 'answer', text: `40${jsonOf(who)}` };
      if (!text.startsWith('42')) return NOTHING;
      const [event, data] = JSON.parse(text.slice(2));
      if (event === readyEvent) return READY;
      return event === 'signal' ? { kind: 'body', body: bodyOf(data) } : NOTHING;
    },
    say: (to, body) => `42${JSON.stringify(['signal', say(to, body)])}`,
  };
}

/** @type {Record<string, Dialect>} */
export const DIALECTS = {
  peerline: socketIo({
    isAlong: true,
    auth: ({ id, room, secret }) => ({
      protocol: 1,
      room,
      // All who show the same are in the room (ROOM3); it need not be as secret as that here.
      roomSecret: room,
      peer: id,
      secret,
      card: id.padEnd(130, 'A'),
    }),
    readyEvent: 'welcome',
    bodyOf: ({ body }) => body,
    say: (to, body) => ({ to, body }),
  }),
  tutorial: socketIo({
    auth: ({ id, room }) => ({ room, name: id }),
    readyEvent: 'members',
    bodyOf: ({ signal }) => signal,
    say: (to, signal) => ({ to, signal }),
  }),
  peerserver: {
    url: (port, { id }) =>
      `ws://127.0.0.1:${port}/peerjs?key=peerjs&id=${id}&token=${id}&version=1.5.5`,
    hear(text) {
      const { type, payload } = JSON.parse(text);
      if (type === 'OPEN') return READY;
      return type === 'CANDIDATE' ? { kind: 'body', body: payload.body } : NOTHING;
    },
    say: (dst, body) => JSON.stringify({ type: 'CANDIDATE', dst, payload: { body } }),
    heartbeat: { everyMs: 5_000, text: JSON.stringify({ type: 'HEARTBEAT' }) },
  },
  bare: {
    url: (port, { id }) => `ws://127.0.0.1:${port}/?id=${id}`,
    hear(text) {
      if (text === 'ready') return READY;
      return { kind: 'body', body: JSON.parse(text).body };
    },
    say: (to, body) => JSON.stringify({ to, body }),
  },
};
