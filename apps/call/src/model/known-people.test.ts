import type { IdentityStore } from 'peerline';
import { createMemoryIdentities } from 'peerline/identities';
import { describe, expect, it } from 'vitest';
import { KnownPeople } from './known-people.ts';

async function identitiesOf(...names: readonly string[]): Promise<IdentityStore> {
  const identities = createMemoryIdentities();
  const key = await crypto.subtle.importKey(
    'raw',
    new Uint8Array(32),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  for (const [index, label] of names.entries()) {
    await identities.put({
      ...{ kind: 'verified', id: label, label, key, keptBy: 'both' },
      ...{ verifiedAtMs: index, seenAtMs: index },
    });
  }
  return identities;
}

function labels(people: KnownPeople): readonly string[] | string {
  const state = people.get();
  return state.status === 'read' ? state.people.map(({ label }) => label) : state.status;
}

describe('people who were verified', () => {
  it('are listed under names fit to be shown, whatever was stored', async () => {
    const stored = await identitiesOf('An\u202en\u0000');
    const people = new KnownPeople(() => Promise.resolve(stored));
    await people.refresh();
    expect(labels(people)).toEqual(['An n']);
  });

  it('are listed by when they were seen last, and forgotten one by one or all', async () => {
    const people = new KnownPeople(() => identitiesOf('Ann', 'Ben', 'Cem'));
    expect(labels(people)).toBe('not-read');
    await people.refresh();
    expect(labels(people)).toEqual(['Cem', 'Ben', 'Ann']);
    await people.forget('Ben');
    expect(labels(people)).toEqual(['Cem', 'Ann']);
    await people.forgetAll();
    expect(labels(people)).toEqual([]);
  });

  it('are nobody where nothing can be kept, until it can', async () => {
    let isFull = true;
    const people = new KnownPeople(() =>
      isFull ? Promise.reject(new Error('no room')) : identitiesOf('Ann'),
    );
    expect(await people.identities()).toBeUndefined();
    await people.refresh();
    expect(labels(people)).toBe('unavailable');
    isFull = false;
    await people.refresh();
    expect(labels(people)).toEqual(['Ann']);
  });
});
