import { PROTOCOL_VERSION } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { Room } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import type { Diagnosis } from '../diagnosis/verdicts.ts';
import { createIdentity, deriveRoomId, deriveRoomSecret } from '../link/room-keys.ts';
import { createLocalMedia } from '../media/local-media.ts';
import { CallRig } from '../testing/call-rig.ts';
import { settle } from '../testing/fake-clock.ts';
import { FakeMediaPlatform } from '../testing/fake-media.ts';
import { plainSealing } from '../testing/plain-sealing.ts';

async function diagnosed(rig: CallRig, room: Room): Promise<Diagnosis> {
  let done = false;
  const running = room.diagnose().finally(() => {
    done = true;
  });
  while (!done) {
    await settle();
    await rig.clock.advanceAsync(50);
  }
  return running;
}

const codesOf = ({ verdicts }: Diagnosis): readonly string[] => verdicts.map(({ code }) => code);

/** The rig's server names no ICE servers. */
const ALONE = ['server-reachable', 'no-turn'];

describe('room.diagnose', () => {
  test('says nothing of a peer that is connected, and nobody sees who asks', async () => {
    const rig = new CallRig();
    const [ann, ben] = await rig.call('Ann', 'Ben');
    if (ann === undefined || ben === undefined) throw new Error('nobody is here');
    const came: string[] = [];
    ben.on('peer', ({ id }) => came.push(id));
    const found = await diagnosed(rig, ann);
    expect(codesOf(found)).toEqual([...ALONE, 'no-camera', 'no-microphone']);
    expect(came).toEqual([ann.id]);
  });

  test('says since when a peer is not reached, and what probably keeps it away', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    // Takes a place, and never says a word.
    const silent = rig.switchboard.connection();
    const room = await deriveRoomId(rig.link);
    const roomSecret = await deriveRoomSecret(rig.link);
    const self = { room, roomSecret, ...(await createIdentity()), card: plainSealing.card };
    silent.connect({ protocol: PROTOCOL_VERSION, ...self });
    await rig.clock.advanceAsync(0);
    const beganMs = rig.clock.nowMs();
    const early = await diagnosed(rig, ann);
    const [peer] = [...ann.peers.keys()];
    expect(early.verdicts).toContainEqual(
      expect.objectContaining({ code: 'peer-unreachable', peer, severity: 'info' }),
    );
    await rig.clock.advanceAsync(9_000);
    const late = await diagnosed(rig, ann);
    expect(late.verdicts).toContainEqual(
      expect.objectContaining({
        code: 'peer-unreachable',
        peer,
        status: 'connecting',
        sinceMs: beganMs,
        cause: 'no-answer',
        severity: 'problem',
      }),
    );
    expect(late.worst).toBe('problem');
  });

  test('looks at camera and microphone', async () => {
    const rig = new CallRig();
    const platform = new FakeMediaPlatform();
    const local = createLocalMedia(platform, rig.clock);
    const room = await rig.join('Ann', { local });
    expect(codesOf(await diagnosed(rig, room))).toEqual(ALONE);
    platform.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    await expect(local.camera.enable()).rejects.toBeInstanceOf(PeerlineError);
    platform.enumerateDevices = () => Promise.resolve([]);
    expect(codesOf(await diagnosed(rig, room))).toEqual([
      ...ALONE,
      'camera-blocked',
      'no-microphone',
    ]);
  });

  test('ends with the room', async () => {
    const rig = new CallRig();
    const room = await rig.join('Ann');
    await room.leave();
    await expect(room.diagnose()).rejects.toMatchObject({ code: 'room-left' });
  });
});
