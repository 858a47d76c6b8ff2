import { SOURCES, type Source, type Terms, type View } from '@peerline/protocol';
import type { NegotiatedMedia, RtcEnvironment } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { mergeCaps, negotiatedSource, orderCodecs, type MediaPlan } from '../media/preferences.ts';
import { perSource } from '../media/per-source.ts';
import type { PictureFacts, PictureLimits } from '../media/picture-limits.ts';
import { SenderCaps, type SenderWish } from '../media/sender-caps.ts';
import type { Layout } from './layout.ts';
import type { SharedTracks } from './media-plane.ts';

/** The first key frame on a path that returns may leave before the other side takes the path. */
const SECOND_KEY_FRAME_MS = 400;

/** Apart from the second one, key frames are no closer than this: where paths change often, they cost all. */
const KEY_FRAMES_APART_MS = 1_000;

/** A browser that refuses new parameters is renegotiating: over most paths it is through within this. */
const APPLY_AGAIN_MS = 100;

const PICTURES = ['camera', 'screen'] as const;
type Picture = (typeof PICTURES)[number];

/** What a picture may cost, seen from this pair; undefined where everyone gets all of it. */
export type Limits = (
  facts: Pick<PictureFacts, 'source' | 'shown' | 'captured'>,
) => PictureLimits | undefined;

export interface OutgoingMediaOptions {
  readonly local: SharedTracks;
  readonly rtc: RtcEnvironment;
  readonly clock: Clock;
  readonly plan: () => MediaPlan;
  readonly limits: Limits;
  readonly onTrouble: (message: string) => void;
}

/**
 * What goes to one peer: the local tracks that both sides agreed on, in codecs and up to bit rates
 * that both take. Tracks are replaced, never renegotiated (SPEC.md, NEG2, TERMS2).
 */
export class OutgoingMedia {
  readonly #options: OutgoingMediaOptions;
  /** One for each sender of the layout. */
  #caps: ReadonlyMap<Source, SenderCaps> = new Map();
  #layout: Layout = new Map();
  #remote: Terms | undefined;
  #agreed: NegotiatedMedia = pendingMedia();
  /** What the other side shows of the pictures (SPEC.md, VIEW1). */
  #view: View = {};
  #cancelNext: (() => void) | undefined;
  #refreshedAtMs = -Infinity;
  /** Replacements under way; a sender names its new track only when one is done. */
  #syncing = new Map<Source, Promise<void>>();

  constructor(options: OutgoingMediaOptions) {
    this.#options = options;
  }

  useTerms(terms: Terms): void {
    this.#remote = terms;
  }

  /** Before each description: directions, codec orders and tracks as they are wanted now. */
  async use(layout: Layout): Promise<void> {
    if (this.#layout !== layout) {
      this.#layout = layout;
      // What a connection was at when it was closed never ends (webrtc-pc section 4.4.1.2).
      this.#syncing = new Map();
      this.#caps = new Map(
        [...layout].map(([source, { sender }]) => [source, new SenderCaps(sender)]),
      );
    }
    for (const [source, transceiver] of layout) {
      const { receive } = this.#options.plan()[source];
      transceiver.direction = receive ? 'sendrecv' : 'sendonly';
      this.#orderCodecs(source, transceiver);
    }
    await Promise.all(SOURCES.map((source) => this.sync(source)));
  }

  /**
   * Brings what is sent for a source in line with the local track and the terms, one replacement after
   * the other: off and on again within one turn would else be taken for no change at all.
   */
  sync(source: Source): Promise<void> {
    const turn = (this.#syncing.get(source) ?? Promise.resolve()).then(() => this.#replace(source));
    this.#syncing.set(source, turn);
    return turn;
  }

  async #replace(source: Source): Promise<void> {
    const sender = this.#layout.get(source)?.sender;
    if (sender === undefined) return;
    const wanted = this.#refusedByPeer(source) ? undefined : this.#options.local.track(source);
    if ((sender.track ?? undefined) === wanted) return;
    try {
      await sender.replaceTrack(wanted ?? null);
      // Another camera has another size.
      if (source === 'camera' || source === 'screen') this.#limit(source);
    } catch (error) {
      // The connection closed under it, or the track ended: the next change tries again.
      this.#options.onTrouble(`${source} could not be sent: ${String(error)}`);
    }
  }

  /**
   * While ICE finds no path pictures rest. What is sent into a dead path stands before the first key frame
   * when it is back, and the browser takes what is not acknowledged for congestion.
   */
  pause(isPaused: boolean): void {
    for (const source of PICTURES) {
      const caps = this.#caps.get(source);
      if (caps !== undefined) void this.#insist(caps, caps.pause(isPaused));
    }
  }

  /** A picture that could not be turned on again would stay away until something is renegotiated. */
  async #insist(caps: SenderCaps, applied: Promise<boolean>): Promise<void> {
    if (await applied) return;
    this.#options.clock.setTimeout(() => {
      const isInUse = [...this.#caps.values()].includes(caps);
      if (isInUse) void this.#insist(caps, caps.apply());
    }, APPLY_AGAIN_MS);
  }

  /** Pictures that are being sent begin again with a key frame. */
  refresh(): void {
    const { clock } = this.#options;
    this.#cancelNext?.();
    const waitMs = this.#refreshedAtMs + KEY_FRAMES_APART_MS - clock.nowMs();
    if (waitMs > 0) {
      this.#cancelNext = clock.setTimeout(() => this.refresh(), waitMs);
      return;
    }
    this.#refreshedAtMs = clock.nowMs();
    this.#refresh();
    this.#cancelNext = clock.setTimeout(() => this.#refresh(), SECOND_KEY_FRAME_MS);
  }

  #refresh(): void {
    for (const source of PICTURES) {
      const isSent = (this.#layout.get(source)?.sender.track ?? null) !== null;
      const caps = this.#caps.get(source);
      if (isSent && caps !== undefined) void this.#insist(caps, caps.refresh());
    }
  }

  /** Nothing is sent any more, at once. */
  silence(): void {
    this.#cancelNext?.();
    for (const { sender } of this.#layout.values()) {
      // It rejects where the connection is closed already, which is as silent.
      sender.replaceTrack(null).catch(() => undefined);
    }
    this.#layout = new Map();
    this.#caps = new Map();
  }

  /** @param sections the codecs of each m-line of the answer; @returns what is in force from now on */
  agreed(sections: readonly (readonly { readonly mimeType: string }[])[]): NegotiatedMedia {
    const plan = this.#options.plan();
    const negotiated = perSource((source) => {
      const transceiver = this.#layout.get(source);
      return negotiatedSource({
        own: plan[source],
        remote: this.#remote?.[source],
        direction: transceiver?.direction ?? 'stopped',
        currentDirection: transceiver?.currentDirection ?? null,
        codecs: sections[SOURCES.indexOf(source)] ?? [],
      });
    });
    this.#agreed = negotiated;
    for (const [source, caps] of this.#caps) void caps.set(this.#wish(source));
    return negotiated;
  }

  useView(view: View): void {
    this.#view = view;
    this.limit();
  }

  /** The room, or what this machine bears, changed. */
  limit(): void {
    for (const source of PICTURES) this.#limit(source);
  }

  #limit(source: Picture): void {
    const caps = this.#caps.get(source);
    if (caps !== undefined) void this.#insist(caps, caps.set(this.#wish(source)));
  }

  #wish(source: Source): SenderWish {
    const { maxBitrate, codecs } = this.#agreed[source];
    const codec = this.#options.plan()[source].codecs.length > 0 ? codecs[0] : undefined;
    if (source !== 'camera' && source !== 'screen') return { maxBitrate, codec };
    const { width, height } = this.#options.local.track(source)?.getSettings?.() ?? {};
    const captured = width === undefined || height === undefined ? undefined : { width, height };
    const { maxBitrate: bits, ...limits } =
      this.#options.limits({ source, shown: this.#view[source], captured }) ?? {};
    const wish = { ...limits, maxBitrate: mergeCaps(maxBitrate, bits), codec };
    // A shared screen is read: rather fewer frames than blurred letters.
    return source === 'screen' ? { ...wish, degradationPreference: 'maintain-resolution' } : wish;
  }

  #refusedByPeer(source: Source): boolean {
    return this.#remote?.[source].receive === false;
  }

  #orderCodecs(source: Source, transceiver: RTCRtpTransceiver): void {
    const names = this.#options.plan()[source].codecs;
    const { RTCRtpReceiver } = this.#options.rtc;
    if (names.length === 0 || typeof transceiver.setCodecPreferences !== 'function') return;
    const capabilities = RTCRtpReceiver?.getCapabilities(transceiver.receiver.track.kind);
    if (capabilities === undefined || capabilities === null) return;
    try {
      transceiver.setCodecPreferences(orderCodecs(capabilities.codecs, names));
    } catch (error) {
      this.#options.onTrouble(`codec order of ${source}: ${String(error)}`);
    }
  }
}

/** Before the first answer. */
export function pendingMedia(): NegotiatedMedia {
  return perSource(() => ({
    send: 'pending',
    receive: 'pending',
    codecs: [],
    maxBitrate: undefined,
  }));
}
