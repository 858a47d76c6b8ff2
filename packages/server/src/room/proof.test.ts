import { describe, expect, it } from 'vitest';
import { joinRequest } from '../testing/identity.ts';
import { peerIdOf, provesItsId } from './proof.ts';

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
});
