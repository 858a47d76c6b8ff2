import { describe, expect, test, vi } from 'vitest';
import type { RtcEnvironment } from '../api.ts';
import { utf8 } from '../base/bytes.ts';
import { CallRig, only, view } from '../testing/call-rig.ts';
import {
  FAKE_CERTIFICATE,
  FakePeerConnection,
  fakeRtc,
  type FakeDescription,
} from '../testing/fake-peer-connection.ts';
import { isGenuine } from './certificate.ts';
import { fingerprintIn } from './fingerprint.ts';

const A = 'a=fingerprint:sha-256 AA:BB';
const B = 'a=fingerprint:sha-256 AA:BC';

describe('the fingerprint of a description', () => {
  test.each([
    ['once for all', ['v=0', A, 'm=audio']],
    ['in each part, in whatever letters', ['v=0', 'm=audio', A, 'm=video', A.toLowerCase()]],
  ])('CERT1 is taken %s', (_, lines) => {
    expect(fingerprintIn(lines.join('\r\n'))).toBe(A.toLowerCase());
  });

  test.each([
    ['none', ['v=0', 'm=audio']],
    ['two', ['v=0', A, B]],
    ['another one for one part', ['v=0', A, 'm=audio', 'm=video', B]],
    ['one by SHA-1', ['v=0', 'a=fingerprint:sha-1 AA:BB']],
    ['one by SHA-1 beside a good one', ['v=0', A, 'a=fingerprint:sha-1 AA:BB']],
    ['one by MD5', ['v=0', 'a=fingerprint:md5 AA:BB']],
  ])('CERT1 %s is refused', (_, lines) => {
    expect(() => fingerprintIn(lines.join('\r\n'))).toThrow(
      expect.objectContaining({ code: 'not-genuine' }),
    );
  });
});

/** Connections that show a certificate, as browsers do; and how often they were asked. */
function showing(
  certificate: string,
  { network }: CallRig,
): { readonly rtc: RtcEnvironment; readonly asked: () => number } {
  const show = vi.fn<() => ArrayBuffer[]>(() => [utf8(certificate).buffer]);
  class Showing extends FakePeerConnection {
    readonly sctp = { transport: { getRemoteCertificates: show } };
  }
  return { rtc: fakeRtc(network, { up: true }, Showing), asked: () => show.mock.calls.length };
}

test('CERT3 a certificate that cannot be seen is left to DTLS', async () => {
  const pc = { sctp: { transport: {} } } as unknown as RTCPeerConnection;
  expect(await isGenuine(pc, fingerprintIn(A))).toBe(true);
  const early = { sctp: null } as unknown as RTCPeerConnection;
  expect(await isGenuine(early, fingerprintIn(A))).toBe(true);
});

test('CERT3 the certificate that was named is one to talk to', async () => {
  const rig = new CallRig();
  const { rtc, asked } = showing(FAKE_CERTIFICATE, rig);
  const ann = await rig.join('Ann', { rtc });
  const problems: string[] = [];
  ann.on('problem', ({ code }) => problems.push(code));
  await rig.join('Ben');
  await rig.clock.advanceAsync(2_000);
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(0));
  await crypto.subtle.digest('SHA-256', utf8('as long as theirs'));
  await rig.clock.advanceAsync(100);
  expect(view(ann)).toEqual({ Ben: 'connected' });
  expect(problems).toEqual([]);
});

test('CERT3 who has another certificate than was named is left out for good', async () => {
  const rig = new CallRig();
  const ann = await rig.join('Ann', { rtc: showing('another', rig).rtc });
  const problems: string[] = [];
  ann.on('problem', ({ code }) => problems.push(code));
  const ben = await rig.join('Ben');
  await rig.clock.advanceAsync(1);
  await vi.waitFor(() => expect(ann.peers.size).toBe(1));
  const peer = only(ann);
  await rig.clock.advanceAsync(2_000);
  await vi.waitFor(() => expect(peer.state).toEqual({ status: 'lost', reason: 'not-genuine' }));
  expect(ann.peers.size).toBe(0);
  // Ben goes on asking, and is not heard.
  await rig.clock.advanceAsync(60_000);
  expect(ann.peers.size).toBe(0);
  expect(new Set(problems)).toEqual(new Set(['not-genuine']));
  expect(ben.peers.get(ann.id)?.state.status).not.toBe('connected');
});

test('CERT1 CERT2 a description with another fingerprint is refused, and told', async () => {
  for (const change of [
    (sdp: string) => sdp.replace('m=video', 'a=fingerprint:sha-256 00:11\r\nm=video'),
    (sdp: string) => sdp.replaceAll('sha-256', 'sha-1'),
    (sdp: string) => sdp.replaceAll(/^a=fingerprint.*\r\n/gmu, ''),
  ]) {
    const rig = new CallRig();
    const changed = async (made: Promise<FakeDescription>): Promise<FakeDescription> => {
      const { type, sdp } = await made;
      return { type, sdp: change(sdp) };
    };
    class Lying extends FakePeerConnection {
      override createOffer(): Promise<FakeDescription> {
        return changed(super.createOffer());
      }
      override createAnswer(): Promise<FakeDescription> {
        return changed(super.createAnswer());
      }
    }
    const ann = await rig.join('Ann');
    const problems = new Set<string>();
    ann.on('problem', ({ code }) => problems.add(code));
    await rig.join('Ben', { rtc: fakeRtc(rig.network, { up: true }, Lying) });
    await rig.clock.advanceAsync(5_000);
    expect(only(ann).state.status).toBe('connecting');
    expect(problems).toContain('not-genuine');
  }
});
