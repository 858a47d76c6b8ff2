import { SOURCES, type Source } from '@peerline/protocol';
import type { RtcEnvironment } from '../api.ts';

/** Transceivers by source. Empty where an environment has data channels only. */
export type Layout = ReadonlyMap<Source, RTCRtpTransceiver>;

const KINDS: { readonly [S in Source]: 'audio' | 'video' } = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
};

/**
 * Makes the m-lines of a generation's first offer, in the order of {@link SOURCES} (SPEC.md, NEG2).
 * Microphone and camera share a stream, so that lips and voice stay together; so do both of a screen.
 */
export function layOut(connection: RTCPeerConnection, rtc: RtcEnvironment): Layout {
  const layout = new Map<Source, RTCRtpTransceiver>();
  if (typeof connection.addTransceiver !== 'function') return layout;
  const streams = streamsOf(rtc);
  for (const source of SOURCES) {
    const stream = streams?.[source];
    const init = { direction: 'sendrecv', ...(stream && { streams: [stream] }) } as const;
    layout.set(source, connection.addTransceiver(KINDS[source], init));
  }
  return layout;
}

/** Finds the transceivers that applying the first offer made: they stand in the order of its m-lines. */
export function adoptLayout(connection: RTCPeerConnection, rtc: RtcEnvironment): Layout {
  const layout = new Map<Source, RTCRtpTransceiver>();
  if (typeof connection.getTransceivers !== 'function') return layout;
  const streams = streamsOf(rtc);
  const transceivers = connection.getTransceivers();
  for (const [index, source] of SOURCES.entries()) {
    const transceiver = transceivers[index];
    if (transceiver === undefined || transceiver.receiver.track.kind !== KINDS[source]) continue;
    const stream = streams?.[source];
    // Absent in older Firefox: the tracks then play without a common clock, no more.
    if (stream !== undefined) transceiver.sender.setStreams?.(stream);
    layout.set(source, transceiver);
  }
  return layout;
}

/** What each mid carries, for reading statistics; mids are known once a description is applied. */
export function sourcesByMid(layout: Layout): ReadonlyMap<string, Source> {
  return new Map(
    [...layout].flatMap(([source, { mid }]) => (mid === null ? [] : [[mid, source] as const])),
  );
}

function streamsOf(rtc: RtcEnvironment): { readonly [S in Source]: MediaStream } | undefined {
  if (rtc.MediaStream === undefined) return undefined;
  const person = new rtc.MediaStream();
  const screen = new rtc.MediaStream();
  return { microphone: person, camera: person, screen, screenAudio: screen };
}

/** A codec as SDP names it, in the form of `RTCRtpCodec.mimeType`. */
interface NamedCodec {
  readonly mimeType: string;
}

/** The codecs of each m-line of an answer (RFC 8866 section 5.14), in the agreed order. */
export function codecsBySection(sdp: string): NamedCodec[][] {
  const sections = sdp.split(/^m=/mu).slice(1);
  return sections.map((section) => {
    const [kind = '', , , ...payloadTypes] = section.split(/\r?\n/u, 1)[0]?.split(' ') ?? [];
    const names = new Map<string, string>();
    for (const [, type, name] of section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gmu)) {
      if (type !== undefined && name !== undefined) names.set(type, name);
    }
    return payloadTypes.flatMap((type) => {
      const name = names.get(type);
      return name === undefined ? [] : [{ mimeType: `${kind}/${name}` }];
    });
  });
}
