import { isOfferer } from '@peerline/protocol';
import { describe, expect, test, vi } from 'vitest';
import type { PeerState } from '../api.ts';
import { CallRig, only } from '../testing/call-rig.ts';
import { FakeDataChannel } from '../testing/fake-data-channel.ts';

describe('when the way between two peers goes', () => {
  test('the same peer object recovers, and messages sent meanwhile arrive', async () => {
    const rig = new CallRig();
    const [ann, bob] = await rig.call('Ann', 'Bob');
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    const peer = only(ann);
    const heard: unknown[] = [];
    const states: PeerState['status'][] = [];
    bob.on('message', ({ payload }) => heard.push(payload));
    peer.on('state', ({ status }) => states.push(status));
    rig.network.setUp(false);
    await rig.clock.advanceAsync(20_000);
    const sent = ann.send('chat', 'from the tunnel');
    await rig.clock.advanceAsync(20_000);
    rig.network.setUp(true);
    await rig.clock.advanceAsync(20_000);
    await sent;
    expect(only(ann)).toBe(peer);
    expect(peer.state.status).toBe('connected');
    expect(states).toEqual(['recovering', 'connected']);
    expect(heard).toEqual(['from the tunnel']);
  });

  test('who hears anyone again looks for the server at once, whatever ICE says', async () => {
    const rig = new CallRig();
    const [ann] = await rig.call('Ann', 'Bob');
    const [connection] = rig.connections;
    if (ann === undefined || connection === undefined) throw new Error('no room');
    const seen: string[] = [];
    connection.setCutOff = (isCutOff?: boolean): void => {
      seen.push(isCutOff === true ? 'cut off' : 'reached');
    };
    only(ann).on('state', ({ status }) => seen.push(status));
    rig.network.setUp(false);
    await rig.clock.advanceAsync(8_000);
    expect(seen).toEqual(['recovering', 'cut off']);
    rig.network.setUp(true);
    while (!seen.includes('connected')) await rig.clock.advanceAsync(50);
    expect(seen.slice(2, 4)).toEqual(['reached', 'connected']);
  });

  test('the server is probed where it carries nothing, as the only way there is', async () => {
    const rig = new CallRig();
    const ann = await rig.join('Ann');
    const probe = vi.fn<(isOnlyWay?: boolean) => void>();
    const [connection] = rig.connections;
    if (connection === undefined) throw new Error('no connection');
    connection.probe = probe;
    rig.switchboard.relay = () => undefined;
    await rig.join('Bob');
    await rig.clock.advanceAsync(5_000);
    expect(only(ann).state.status).toBe('connecting');
    // Who offers knows that nobody answers; the other has sent nothing yet.
    if (isOfferer(ann.id, only(ann).id)) expect(probe).toHaveBeenCalledWith(true);
    else expect(probe).not.toHaveBeenCalled();
  });

  test('a channel that gives up in an outage ends nothing: same peer, no text lost', async () => {
    const rig = new CallRig();
    const channels: RTCDataChannel[] = [];
    class Recorded extends rig.rtc.RTCPeerConnection {
      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init);
        channels.push(channel);
        return channel;
      }
    }
    const ann = await rig.join('Ann');
    const bob = await rig.join('Bob', { rtc: { ...rig.rtc, RTCPeerConnection: Recorded } });
    await rig.clock.advanceAsync(2_000);
    const peer = only(bob);
    const heard: unknown[] = [];
    ann.on('message', ({ payload }) => heard.push(payload));
    rig.network.setUp(false);
    rig.connections[0]?.lose({ back: false, reason: 'silent' });
    await rig.clock.advanceAsync(10_000);
    const sent = bob.send('chat', 'into the tunnel');
    // SCTP counts its retransmissions (RFC 9260 section 8.1); Firefox gives up within a minute.
    for (const channel of channels) if (channel instanceof FakeDataChannel) channel.end();
    await rig.clock.advanceAsync(50_000);
    rig.network.setUp(true);
    rig.connections[0]?.rejoin();
    await rig.clock.advanceAsync(20_000);
    await sent;
    expect(only(bob)).toBe(peer);
    expect([peer.state.status, heard]).toEqual(['connected', ['into the tunnel']]);
  });

  test('NEG10 a hail brings what was lost before it, and so an offer at once', async () => {
    const rig = new CallRig();
    const rooms = await rig.call('Ann', 'Bob');
    const { log } = rig.switchboard;
    const before = log.length;
    const says = (type: string): boolean =>
      log.slice(before).some((body) => body.includes(`"type":"${type}"`));
    const [ann, bob] = rooms;
    if (ann === undefined || bob === undefined) throw new Error('two rooms');
    const answerer = rig.connections[isOfferer(ann.id, bob.id) ? 1 : 0];
    if (answerer === undefined) throw new Error('two connections');
    // As with a server that still relays to the socket of an address that is gone.
    const relay = answerer.relay.bind(answerer);
    answerer.relay = (to, body) => !says('hail') || relay(to, body);
    rig.network.setUp(false);
    while (!says('hail')) await rig.clock.advanceAsync(50);
    await rig.clock.advanceAsync(200);
    expect([says('need-offer'), says('offer')]).toEqual([true, true]);
  });
});
