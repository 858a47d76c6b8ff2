// Runs in a namespace: carries what comes in at a Unix socket to a TCP port of its own loopback.
import { connect, createServer } from 'node:net';

const [path, port] = process.argv.slice(2);
const server = createServer((outside) => {
  const inside = connect(Number(port), '127.0.0.1');
  outside.pipe(inside).pipe(outside);
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
});
server.listen(path, () => process.stdout.write('listening\n'));
// Whoever started it is gone.
process.stdin.resume().on('end', () => process.exit());
