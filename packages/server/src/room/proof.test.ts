import { describe, expect, it } from 'vitest';
import { joinRequest } from '../testing/identity.ts';
import { peerIdOf, provenRoom, provesItsId } from './proof.ts';

describe('proof', () => {
  it('JOIN3 derives the peer id from the secret', () => {
    // printf 'peerline/1 peer id AAAAAAAAAAAAAAAAAAAAAA' | sha256sum, first 16 bytes, base64url
    expect(peerIdOf('AAAAAAAAAAAAAAAAAAAAAA')).toBe('4DiJMt885w_pNoLPhFtC-w');
  });

  it('JOIN6 takes the id that follows from the secret and no other', () => {
    const join = joinRequest();
    expect(provesItsId(join)).toBe(true);
    expect(provesItsId({ ...join, peer: joinRequest().peer })).toBe(false);
  });

  it('ROOM3 leads each pair of room id and secret to a room of its own', () => {
    const { room, roomSecret } = joinRequest();
    const other = joinRequest();
    const rooms = [
      provenRoom({ room, roomSecret }),
      provenRoom({ room, roomSecret: other.roomSecret }),
      provenRoom({ room: other.room, roomSecret }),
      provenRoom(other),
    ];
    expect(new Set([...rooms, room, other.room]).size).toBe(6);
    expect(provenRoom({ room, roomSecret })).toBe(rooms[0]);
  });
});
