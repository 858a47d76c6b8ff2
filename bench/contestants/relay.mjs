// The signaling server that simple-peer leaves to its user: rooms, and signals passed on by name.
// Usage: node relay.mjs PORT
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { cors: { origin: '*' } });
/** @type {Map<string, Map<string, import('socket.io').Socket>>} by room, then by name */
const rooms = new Map();

io.on('connection', (socket) => {
  const { room, name } = socket.handshake.auth;
  let members = new Map();
  const join = (joined) => {
    members = rooms.get(joined) ?? new Map();
    rooms.set(joined, members);
    // One who comes again after a break takes the place of its old socket.
    members.set(name, socket);
    for (const other of members.values()) if (other !== socket) other.emit('joined', name);
    socket.emit(
      'members',
      [...members.keys()].filter((other) => other !== name),
    );
  };
  // Whoever connects in the lobby says later which room it is.
  if (room === undefined) socket.once('join', join);
  else join(room);
  socket.on('signal', ({ to, ...signal }) => {
    members.get(to)?.emit('signal', { from: name, ...signal });
  });
  socket.on('disconnect', () => {
    if (members.get(name) === socket) members.delete(name);
  });
});

const port = Number(process.argv[2]);
http.listen(port, '0.0.0.0', () => process.stdout.write(`relay listens on ${port}\n`));
