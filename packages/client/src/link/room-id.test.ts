import { expect, test } from 'vitest';
import { roomIdOf } from './room-id.ts';
import { formatRoomLink, parseRoomLink } from './room-link.ts';

const TEXT = '#calm-otter-52.AAECAwQFBgcICQoLDA0ODw';

test('ROOM1 a link has one room id, however it is written', async () => {
  const link = parseRoomLink(TEXT);
  const ids = await Promise.all(
    [
      link,
      TEXT,
      formatRoomLink(link, 'https://calls.example/'),
      new URL(formatRoomLink(link, 'https://calls.example/')),
    ].map((one) => roomIdOf(one)),
  );
  // By Python: HKDF-SHA-256 of the 16 bytes, salt `peerline/1`, info `room id calm-otter-52`.
  expect(new Set(ids)).toEqual(new Set(['m_WZbVLJVeF525ukg0MhTQ']));
  await expect(roomIdOf('no link')).rejects.toMatchObject({ code: 'bad-link' });
});
