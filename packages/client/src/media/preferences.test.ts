import { describe, expect, it } from 'vitest';
import type { SourceTerms } from '@peerline/protocol';
import type { NegotiatedSource } from '../api.ts';
import {
  codecNames,
  mergeCaps,
  negotiatedSource,
  orderCodecs,
  planMedia,
  termsOf,
  type NegotiationFacts,
} from './preferences.ts';

describe('planMedia', () => {
  it('takes everything, and caps pictures, unless told', () => {
    const plan = planMedia();
    expect(plan.microphone).toEqual({
      receive: true,
      codecs: [],
      maxSendBitrate: undefined,
      maxReceiveBitrate: undefined,
    });
    expect(plan.camera.maxSendBitrate).toBe(1_500_000);
    expect(plan.screen.maxSendBitrate).toBe(2_500_000);
  });

  it('TERMS1 tells the other side what is taken, and no more', () => {
    const plan = planMedia({
      camera: { receive: false, maxSendBitrate: 300_000 },
      screen: { maxReceiveBitrate: 800_000.4, codecs: ['VP9'] },
    });
    expect(termsOf(plan)).toEqual({
      microphone: { receive: true },
      camera: { receive: false },
      screen: { receive: true, maxBitrate: 800_000 },
      screenAudio: { receive: true },
    });
    expect(plan.camera.maxSendBitrate).toBe(300_000);
    expect(plan.screen.codecs).toEqual(['VP9']);
  });

  it.each([0, -1, 999, Number.NaN, Infinity])('refuses %d bits per second, by name', (bitrate) => {
    const plan = (): unknown => planMedia({ camera: { maxReceiveBitrate: bitrate } });
    expect(plan).toThrow(/camera\.maxReceiveBitrate is .*bits per second/);
  });
});

describe('mergeCaps', () => {
  it.each([
    [undefined, undefined, undefined],
    [1, undefined, 1],
    [undefined, 2, 2],
    [2, 1, 1],
  ])('TERMS2 %s and %s make %s', (own, remote, both) => {
    expect(mergeCaps(own, remote)).toBe(both);
  });
});

describe('orderCodecs', () => {
  const codec = (
    mimeType: string,
    sdpFmtpLine = '',
  ): { mimeType: string; sdpFmtpLine: string } => ({
    mimeType,
    sdpFmtpLine,
  });
  const video = [
    codec('video/VP8'),
    codec('video/rtx'),
    codec('video/H264', 'profile-level-id=42001f'),
    codec('video/H264', 'profile-level-id=42e01f'),
    codec('video/VP9'),
    codec('video/red'),
    codec('video/ulpfec'),
    codec('video/AV1'),
  ];

  it('puts the named ones first, all profiles in their order, and drops none', () => {
    const ordered = orderCodecs(video, ['vp9', 'H264', 'nonesuch']);
    expect(ordered.map(({ mimeType }) => mimeType)).toEqual([
      'video/VP9',
      'video/H264',
      'video/H264',
      'video/VP8',
      'video/AV1',
      'video/rtx',
      'video/red',
      'video/ulpfec',
    ]);
    expect(ordered[1]?.sdpFmtpLine).toContain('42001f');
    expect(new Set(ordered)).toEqual(new Set(video));
  });

  it('keeps helpers behind even where they are named', () => {
    const audio = ['audio/opus', 'audio/red', 'audio/G722', 'audio/CN', 'audio/telephone-event'];
    const ordered = orderCodecs(
      audio.map((mimeType) => ({ mimeType })),
      ['red', 'G722'],
    );
    expect(ordered.map(({ mimeType }) => mimeType)).toEqual([
      'audio/G722',
      'audio/opus',
      'audio/red',
      'audio/CN',
      'audio/telephone-event',
    ]);
  });

  it('names what was negotiated once each, without helpers', () => {
    expect(codecNames(video)).toEqual(['VP8', 'H264', 'VP9', 'AV1']);
  });
});

describe('negotiatedSource', () => {
  const facts = (change: Partial<NegotiationFacts> = {}): NegotiationFacts => ({
    own: planMedia().camera,
    remote: { receive: true, maxBitrate: 500_000 },
    direction: 'sendrecv',
    currentDirection: 'sendrecv',
    codecs: [{ mimeType: 'video/VP9' }, { mimeType: 'video/rtx' }, { mimeType: 'video/VP8' }],
    ...change,
  });
  const refusing: SourceTerms = { receive: false };
  const ownRefusing = planMedia({ camera: { receive: false } }).camera;

  it('TERMS2 shows what both agreed on, under the smaller cap', () => {
    expect(negotiatedSource(facts())).toEqual({
      send: 'agreed',
      receive: 'agreed',
      codecs: ['VP9', 'VP8'],
      maxBitrate: 500_000,
    });
  });

  type Ways = Pick<NegotiatedSource, 'send' | 'receive'>;
  it.each<[string, Partial<NegotiationFacts>, Ways]>([
    [
      'no answer yet',
      { remote: undefined, currentDirection: null },
      { send: 'pending', receive: 'pending' },
    ],
    [
      'terms here, negotiation not done',
      { currentDirection: null },
      { send: 'pending', receive: 'pending' },
    ],
    [
      'the peer refuses',
      { remote: refusing, currentDirection: 'recvonly' },
      { send: 'refused-by-peer', receive: 'agreed' },
    ],
    [
      'the peer refuses from now on, SDP as before',
      { remote: refusing },
      { send: 'refused-by-peer', receive: 'agreed' },
    ],
    [
      'refused here',
      { own: ownRefusing, direction: 'sendonly', currentDirection: 'sendonly' },
      { send: 'agreed', receive: 'refused-here' },
    ],
    [
      'refused here, before any answer',
      { own: ownRefusing, remote: undefined, currentDirection: null },
      { send: 'pending', receive: 'refused-here' },
    ],
    [
      'the peer wants it again, SDP not yet',
      { currentDirection: 'recvonly' },
      { send: 'pending', receive: 'agreed' },
    ],
    [
      'nothing sent from here',
      { direction: 'recvonly', currentDirection: 'recvonly' },
      { send: 'refused-here', receive: 'agreed' },
    ],
    [
      'm-line rejected by the answer',
      { direction: 'stopped', currentDirection: 'stopped' },
      { send: 'refused-by-peer', receive: 'refused-by-peer' },
    ],
  ])('TERMS2 %s', (_case, change, ways) => {
    expect(negotiatedSource(facts(change))).toMatchObject(ways);
  });
});
