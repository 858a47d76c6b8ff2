// The least that a relay can be: WebSockets by id, and texts passed on. Usage: node bare-relay.mjs PORT
import { WebSocketServer } from 'ws';

const members = new Map();
const port = Number(process.argv[2]);
const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const id = new URL(request.url, 'http://localhost').searchParams.get('id');
  members.set(id, socket);
  socket.on('message', (data) => {
    const { to, body } = JSON.parse(data);
    members.get(to)?.send(JSON.stringify({ from: id, body }));
  });
  socket.on('close', () => members.delete(id));
  socket.send('ready');
});
server.on('listening', () => process.stdout.write(`relay listens on ${port}\n`));
