import { expect, test } from 'vitest';
import { fromBase64Url } from '../link/base64url.ts';
import { JoinInUpgrade } from './join-in-upgrade.ts';

const TAKEN = 'peerline';

function jsonOf(offered: readonly string[] | undefined): unknown {
  const [join = ''] = offered ?? [];
  expect(join).toMatch(/^join\.[\w-]+$/);
  return JSON.parse(new TextDecoder().decode(fromBase64Url(join.slice('join.'.length))));
}

test('JOIN10 the join comes first, so that a server that knows nothing of it says so', () => {
  const join = { peer: 'x', door: { note: 'Zoë ✓' } };
  const offered = new JoinInUpgrade(() => join).offer();
  expect(jsonOf(offered)).toEqual(join);
  expect(offered?.slice(1)).toEqual([TAKEN]);
});

test('JOIN10 each one is made anew, and none where there is none', () => {
  let attempt = 0;
  const joins = new JoinInUpgrade(() => (attempt < 2 ? { attempt: (attempt += 1) } : undefined));
  expect([jsonOf(joins.offer()), jsonOf(joins.offer())]).toEqual([{ attempt: 1 }, { attempt: 2 }]);
  expect(joins.offer()).toBeUndefined();
});

test('JOIN10 a long one waits for the CONNECT', () => {
  const of = (characters: number): JoinInUpgrade =>
    new JoinInUpgrade(() => ({ token: 'x'.repeat(characters) }));
  // 12 characters around it, and 4 for each 3.
  expect(of(3_060).offer()?.[0]).toHaveLength('join.'.length + 4_096);
  expect(of(3_061).offer()).toBeUndefined();
});

test('JOIN10 where one failed the next goes without, and the one behind its failure with it again', () => {
  const joins = new JoinInUpgrade(() => ({}));
  joins.failed();
  expect(joins.offer()).toBeUndefined();
  expect(joins.offer()).toBeUndefined();
  joins.failed();
  expect(joins.offer()).toBeDefined();
});
