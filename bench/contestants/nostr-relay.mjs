// A Nostr relay (NIP-01) as far as Trystero needs one: passes events on to whoever subscribed to them.
// Keeps nothing and checks no signatures, so that it costs no time. Usage: node nostr-relay.mjs PORT
import { WebSocketServer } from 'ws';

const port = Number(process.argv[2]);
const server = new WebSocketServer({ port, host: '0.0.0.0' });
/** @type {Map<import('ws').WebSocket, Map<string, object[]>>} filters by subscription, by socket */
const subscriptions = new Map();

const matches = (filter, event) =>
  (filter.kinds?.includes(event.kind) ?? true) &&
  event.created_at >= (filter.since ?? 0) &&
  (filter['#x'] === undefined ||
    event.tags.some(([tag, value]) => tag === 'x' && filter['#x'].includes(value)));

server.on('connection', (socket) => {
  const own = new Map();
  subscriptions.set(socket, own);
  socket.on('close', () => subscriptions.delete(socket));
  socket.on('message', (/** @type {Buffer} */ data) => {
    const [kind, first, ...rest] = JSON.parse(data.toString());
    if (kind === 'REQ') {
      own.set(first, rest);
      socket.send(JSON.stringify(['EOSE', first]));
    } else if (kind === 'CLOSE') {
      own.delete(first);
    } else if (kind === 'EVENT') {
      socket.send(JSON.stringify(['OK', first.id, true, '']));
      for (const [listener, filters] of subscriptions) {
        for (const [id, wanted] of filters) {
          if (wanted.some((filter) => matches(filter, first))) {
            listener.send(JSON.stringify(['EVENT', id, first]));
          }
        }
      }
    }
  });
});
server.on('listening', () => process.stdout.write(`relay listens on ${port}\n`));
