import { expect, test } from 'vitest';
import type { RoomState } from '../api.ts';
import { CallRig, view } from '../testing/call-rig.ts';
import { refusalError } from './refusal-error.ts';

test('a server that takes a member in no more, for good, ends the room with its reason', async () => {
  const rig = new CallRig();
  const [ann, bob] = await rig.call('Ann', 'Bob');
  if (ann === undefined || bob === undefined) throw new Error('two rooms');
  const states: RoomState[] = [];
  ann.on('state', (state) => states.push(state));
  rig.connections[0]?.refuse();
  await rig.clock.advanceAsync(0);
  expect(states).toEqual([
    {
      status: 'left',
      reason: { code: 'refused', error: expect.objectContaining({ code: 'room-full' }) },
    },
  ]);
  expect(view(ann)).toEqual({});
});

test.each([
  ['not-authorized', 'not-authorized'],
  ['room-full', 'room-full'],
  ['version-unsupported', 'version-unsupported'],
  ['bad-join', 'join-refused'],
  ['rate-limited', 'join-refused'],
] as const)('JOIN5 %s is the error %s', (code, expected) => {
  expect(refusalError({ code, message: 'so it is' }).code).toBe(expected);
});
