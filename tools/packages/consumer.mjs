/**
 * A program that uses the packages as their readers will.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const CONSUMER = {
  'package.json': JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  'call.ts': `import { createRoomLink, formatRoomLink, joinRoom, PeerlineError, type Room } from 'peerline';

type Messages = { readonly chat: { readonly text: string } };

export async function call(): Promise<Room<Messages>> {
  const room = await joinRoom<Messages>({ room: createRoomLink(), presence: { name: 'Ann' } });
  room.on('message', ({ type, payload }) => console.log(type, payload.text.toUpperCase()));
  // @ts-expect-error -- a message of another shape
  await room.send('chat', { txt: 'hi' });
  await room.send('chat', { text: formatRoomLink(room.link) });
  return room;
}

export const isMissing = (error: unknown): boolean =>
  error instanceof PeerlineError && error.code === 'webrtc-missing';
`,
  'serve.ts': `import { PROTOCOL_VERSION } from '@peerline/protocol';
import { createServer, type PeerlineServer } from '@peerline/server';

export const version: number = PROTOCOL_VERSION;
export const serve = (): Promise<PeerlineServer> => createServer({ port: 0, stunPort: 0 });
`,
  'run.mjs': `import { createRoomLink, formatRoomLink, parseRoomLink } from 'peerline';
import { PROTOCOL_VERSION } from '@peerline/protocol';
import { createServer } from '@peerline/server';

const server = await createServer({ port: 0, stunPort: 0 });
const answer = await fetch(new URL('/healthz', server.url));
const { status, protocol } = await answer.json();
await server.close();
const link = createRoomLink();
const same = parseRoomLink(formatRoomLink(link)).key === link.key;
console.log(JSON.stringify({ status, speaks: protocol.includes(PROTOCOL_VERSION), same }));
`,
};

/** What \`run.mjs\` must print. */
export const EXPECTED = { status: 'ok', speaks: true, same: true };

/** The module resolutions in use: Node's own, and that of bundlers. */
export const RESOLUTIONS = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};
