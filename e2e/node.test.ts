import wrtc from '@roamhq/wrtc';
import { createServer, type PeerlineServer } from '@peerline/server';
import { createRoomLink, joinRoom, type Message, type Room } from 'peerline/core';
import { afterAll, beforeAll, expect, test } from 'vitest';

type Messages = { text: string; bytes: Uint8Array };

const { RTCPeerConnection, MediaStream } = wrtc;
let server: PeerlineServer;
const rooms: Room<Messages>[] = [];

async function join(room: string, name: string): Promise<Room<Messages>> {
  const joined = await joinRoom<Messages>({
    url: server.url,
    room,
    presence: { name },
    rtc: { RTCPeerConnection, MediaStream },
  });
  rooms.push(joined);
  return joined;
}

function next<T extends keyof Messages & string>(
  room: Room<Messages>,
  type: T,
): Promise<Message<Messages, T>> {
  return (async () => {
    for await (const message of room.messages(type)) return message;
    throw new Error('the room was left');
  })();
}

beforeAll(async () => {
  server = await createServer({ port: 0 });
});
afterAll(async () => {
  await Promise.all(rooms.map((room) => room.leave()));
  await server.close();
});

test('two programs without a browser send each other a megabyte', async () => {
  const { name, key } = createRoomLink('programs');
  const ann = await join(`${name}.${key}`, 'Ann');
  const ben = await join(`${name}.${key}`, 'Ben');
  // What is sent goes to those who are known by then, and either may hear of the other first.
  await Promise.all([ann, ben].map((room) => new Promise((resolve) => room.on('peer', resolve))));
  const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);
  const got = Promise.all([next(ann, 'bytes'), next(ben, 'bytes')]);
  await Promise.all([ann.send('bytes', bytes), ben.send('bytes', bytes)]);
  for (const message of await got) expect(Buffer.compare(message.payload, bytes)).toBe(0);
  const text = next(ben, 'text');
  await ann.send('text', 'enough', { to: ben.id });
  expect((await text).from.presence).toEqual({ name: 'Ann' });
});

test('a room for data alone says what to do about it', async () => {
  const { name, key } = createRoomLink('programs');
  const room = await join(`${name}.${key}`, 'Ann');
  await expect(room.local.camera.enable()).rejects.toMatchObject({
    code: 'media-unsupported',
    message: expect.stringContaining('join with `peerline`'),
  });
});
