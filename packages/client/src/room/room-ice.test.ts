import type { IceServer } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { RtcEnvironment } from '../api.ts';
import { CallRig, view } from '../testing/call-rig.ts';
import { plainSealing } from '../testing/plain-sealing.ts';

const HOST = '1 1 udp 1 10.0.0.1 9 typ host';
/** As Firefox tells it, with where the TURN server saw it; and what is left of that. */
const RELAY = '2 1 udp 1 192.0.2.1 9 typ relay raddr 10.0.0.1 rport 40000';
const BLANKED = '2 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 9';

/** Connections that gather a relay beside each host candidate, and tell both in descriptions too. */
class Recorder {
  readonly rtc: RtcEnvironment;
  /** What each connection was configured with, one after the other. */
  readonly configurations: RTCConfiguration[][] = [];
  /** Remote candidates, and remote descriptions. */
  readonly taken: string[] = [];

  constructor(fake: RtcEnvironment) {
    const { configurations, taken } = this;
    class Recorded extends fake.RTCPeerConnection {
      readonly #own: RTCConfiguration[];

      constructor(configuration: RTCConfiguration = {}) {
        super(configuration);
        this.#own = [configuration];
        configurations.push(this.#own);
      }
      override setConfiguration(configuration: RTCConfiguration = {}): void {
        this.#own.push(configuration);
      }
      override createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
      override createOffer(...callbacks: never[]): Promise<never>;
      override async createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
        return withCandidates(await super.createOffer(options));
      }
      override createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
      override createAnswer(...callbacks: never[]): Promise<never>;
      override async createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit> {
        return withCandidates(await super.createAnswer(options));
      }
      override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        taken.push(description.sdp ?? '');
        return super.setRemoteDescription(description);
      }
      override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
        taken.push(candidate?.candidate ?? '');
        return super.addIceCandidate(candidate);
      }
      override dispatchEvent(event: Event): boolean {
        if (!('candidate' in event) || typeof event.candidate !== 'object') {
          return super.dispatchEvent(event);
        }
        const relay = { ...event.candidate, candidate: `candidate:${RELAY}` };
        super.dispatchEvent(Object.assign(new Event(event.type), { candidate: relay }));
        return super.dispatchEvent(event);
      }
    }
    this.rtc = { RTCPeerConnection: Recorded };
  }

  /** The names of the TURN users that a connection was configured with. */
  users(index: number): readonly (string | undefined)[] {
    return (this.configurations[index] ?? []).map(
      ({ iceServers }) => iceServers?.find(({ username }) => username !== undefined)?.username,
    );
  }
}

function withCandidates({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type, sdp: `${sdp}a=candidate:${HOST}\r\na=candidate:${RELAY}\r\n` };
}

const serversOf = (username: string): IceServer[] => [
  { urls: ['turn:turn.example'], username, credential: 'c' },
];

function deliver(rig: CallRig, username: string): void {
  const data = { iceServers: serversOf(username), ttlMs: 600_000 };
  rig.connections[0]?.deliver({ event: 'ice-servers', data });
}

describe('new credentials', () => {
  test('ICE4 reach each living connection, which stays as it is, and those made later', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    const ann = await rig.join('Ann', { rtc: recorder.rtc });
    const bob = await rig.join('Bob');
    await rig.clock.advanceAsync(2_000);
    const relayed = rig.switchboard.log.length;
    const states: string[] = [];
    ann.on('peer', (peer) => peer.on('state', ({ status }) => states.push(status)));

    deliver(rig, 'second');
    await rig.clock.advanceAsync(2_000);
    expect(recorder.users(0)).toEqual([undefined, 'second']);
    expect(recorder.configurations).toHaveLength(1);
    expect(recorder.configurations[0]?.at(-1)?.bundlePolicy).toBe('max-bundle');
    expect(states).toEqual([]);
    expect(rig.switchboard.log.length, 'nothing is negotiated').toBe(relayed);

    await rig.join('Cem');
    await rig.clock.advanceAsync(2_000);
    expect(view(ann)).toEqual({ Bob: 'connected', Cem: 'connected' });
    expect(recorder.users(1)).toEqual(['second']);

    void bob.leave();
    await rig.clock.advanceAsync(2_000);
    deliver(rig, 'third');
    await rig.clock.advanceAsync(2_000);
    expect(recorder.users(0), 'a closed one would throw').toEqual([undefined, 'second']);
    expect(recorder.users(1)).toEqual(['second', 'third']);
  });

  test('ICE4 come with a new welcome too; the same ones again are no news', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    const ann = await rig.join('Ann', { rtc: recorder.rtc });
    await rig.join('Bob');
    await rig.clock.advanceAsync(2_000);
    const { card } = plainSealing;
    const introduced = [...ann.peers.keys()].map((peer) => ({ peer, card }));
    const welcome = (username: string): void =>
      rig.connections[0]?.deliver({
        event: 'welcome',
        data: {
          protocol: 1,
          version: 2,
          peers: introduced,
          settings: {
            ...{ access: 'open', capacity: 16, capacityMax: 16, passwordRevision: 0 },
            host: ann.id,
          },
          iceServers: serversOf(username),
        },
      });
    for (const user of ['second', 'second', 'third']) welcome(user);
    await rig.clock.advanceAsync(2_000);
    expect(recorder.users(0)).toEqual([undefined, 'second', 'third']);
  });

  test('ICE4 stand beside the servers of the options', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    const own = { urls: 'stun:stun.example' };
    await rig.join('Ann', { rtc: recorder.rtc, iceServers: [own] });
    await rig.join('Bob');
    deliver(rig, 'second');
    await rig.clock.advanceAsync(2_000);
    expect(recorder.configurations[0]?.at(-1)?.iceServers).toEqual([...serversOf('second'), own]);
  });
});

describe('relayOnly', () => {
  const all = (text: readonly string[]): string => text.join('\n');

  test('ICE5 without it, host candidates are told and taken', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    await rig.join('Ann', { rtc: recorder.rtc });
    await rig.join('Bob', { rtc: recorder.rtc });
    await rig.clock.advanceAsync(2_000);
    expect(recorder.configurations[0]?.[0]?.iceTransportPolicy).toBe('all');
    expect(all(rig.switchboard.log)).toContain('typ host');
    expect(all(recorder.taken)).toContain('typ host');
  });

  test('ICE5 tells no candidate but relays, in descriptions or behind them', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    const ann = await rig.join('Ann', { rtc: recorder.rtc, relayOnly: true });
    await rig.join('Bob', { rtc: recorder.rtc, relayOnly: true });
    await rig.clock.advanceAsync(2_000);
    expect(view(ann)).toEqual({ Bob: 'connected' });
    expect(all(rig.switchboard.log)).toContain(`a=candidate:${BLANKED}`);
    expect(all(rig.switchboard.log)).toContain(`"candidate:${BLANKED}`);
    expect(all(rig.switchboard.log)).not.toContain('typ host');
    expect(all(rig.switchboard.log)).not.toContain('10.0.0.');
  });

  test('ICE5 takes no candidate but relays from who tells others', async () => {
    const rig = new CallRig();
    const [own, others] = [new Recorder(rig.rtc), new Recorder(rig.rtc)];
    const ann = await rig.join('Ann', { rtc: own.rtc, relayOnly: true });
    await rig.join('Bob', { rtc: others.rtc });
    await rig.clock.advanceAsync(2_000);
    expect(view(ann)).toEqual({ Bob: 'connected' });
    expect(all(rig.switchboard.log)).toContain('typ host');
    expect(all(own.taken)).toContain(`a=candidate:${BLANKED}`);
    expect(own.taken).toContain(`candidate:${RELAY}`);
    expect(all(own.taken)).not.toContain('typ host');
  });

  test('ICE5 ICE4 new credentials do not lift it', async () => {
    const rig = new CallRig();
    const recorder = new Recorder(rig.rtc);
    await rig.join('Ann', { rtc: recorder.rtc, relayOnly: true });
    await rig.join('Bob');
    await rig.clock.advanceAsync(2_000);
    deliver(rig, 'second');
    await rig.clock.advanceAsync(2_000);
    const policies = recorder.configurations[0]?.map(
      ({ iceTransportPolicy }) => iceTransportPolicy,
    );
    expect(policies).toEqual(['relay', 'relay']);
  });
});
