/** The SDK on `window`, with what tests ask of it. Everything returned survives JSON. */
import * as peerline from 'peerline';
import { openIdentities } from 'peerline/identities';
import { identitiesContract } from 'peerline/testing';
import type { NegotiatedMedia, Peer, Presence, Room, Source, Visit } from 'peerline';
import type { PageRecord, SentNumber } from '../faults/random/check.ts';
import { liePath } from './lying-path.ts';
import { standBetween, type BetweenInput } from './between.ts';
import { Glare } from './glare.ts';
import type { JoinInput } from './join-input.ts';
import type { TestMessages } from './messages.ts';
import { PictureWatch, showTrack, type PictureReport } from './picture.ts';
import { ToneWatch, type ToneReport } from './tone.ts';
import { connectionText, watchedRtc } from './watched-rtc.ts';

/** Something that happened, by the wall clock that all pages share. */
export interface Happening {
  readonly atMs: number;
  readonly what:
    | 'entered'
    | 'peer'
    | 'peerleft'
    | 'track'
    | 'trackended'
    | 'text'
    | 'blob'
    | 'room'
    | 'state'
    | 'problem'
    | 'devicelost';
  readonly from: string;
  readonly detail: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Seen {
  readonly peer: Peer<TestMessages>;
  readonly pictures: Map<Source, PictureWatch>;
  readonly tones: Map<Source, ToneWatch>;
  /** What the receiver's buffer had held at the last look. */
  buffered?: { readonly delayS: number; readonly emitted: number };
}

class Harness {
  readonly sdk = peerline;
  readonly happenings: Happening[] = [];
  /** All that the SDK ever made in this page, the closed ones included. */
  readonly connections: RTCPeerConnection[] = [];
  readonly glare = new Glare(this);
  /** What tokens were asked for. */
  readonly tokensAsked: peerline.TokenRequest[] = [];
  readonly #sent: SentNumber[] = [];
  readonly #seen = new Map<string, Seen>();
  #own: PictureWatch | undefined;
  #room: Room<TestMessages> | undefined;
  #visit: Visit<TestMessages> | undefined;

  get room(): Room<TestMessages> {
    if (this.#room === undefined) throw new Error('no room was joined');
    return this.#room;
  }

  /** Stands in the lobby; a `join` behind it comes in from there. */
  async visit({ room, relayOnly = false }: Pick<JoinInput, 'room' | 'relayOnly'>): Promise<void> {
    const rtc = watchedRtc(this.connections);
    this.#visit = await peerline.enterLobby<TestMessages>({ room, relayOnly, rtc });
  }

  get visited(): peerline.VisitState | undefined {
    return this.#visit?.state;
  }

  async join(input: JoinInput): Promise<string> {
    const { room, name, token, keepsIdentities = false, deaf = false, ...wishes } = input;
    const said = {
      presence: { name },
      onWaiting: () => this.#note('room', undefined, 'waiting'),
    };
    const joined = await (this.#visit?.join(said) ??
      peerline.joinRoom<TestMessages>({
        ...wishes,
        ...said,
        room,
        rtc: watchedRtc(this.connections),
        ...(token === undefined ? {} : { token: this.#tokensOf(token) }),
        ...(keepsIdentities ? { identities: await openIdentities() } : {}),
      }));
    this.#visit = undefined;
    this.#room = joined;
    this.#note('entered');
    joined.on('peer', (peer) => this.#watch(peer, deaf));
    joined.on('peerleft', (peer) => this.#note('peerleft', peer));
    joined.admission.on('muterequest', ({ source }) =>
      this.#note('room', undefined, `asked to mute ${source}`),
    );
    joined.on('state', (state) => this.#note('room', undefined, state.status));
    joined.on('message', (message) => {
      if (message.type === 'text') this.#note('text', message.from, message.payload.text);
      if (message.type !== 'blob') return;
      void digest(message.payload).then((sum) => this.#note('blob', message.from, sum));
    });
    joined.on('problem', ({ code, message }) =>
      this.#note('problem', undefined, `${code}: ${message}`),
    );
    for (const source of ['camera', 'microphone'] as const) {
      joined.local[source].on('devicelost', ({ fallback }) =>
        this.#note('devicelost', undefined, `${source}: ${fallback?.label ?? 'none'}`),
      );
    }
    return joined.id;
  }

  #tokensOf(token: string | readonly string[]): peerline.JoinToken {
    if (typeof token === 'string') return token;
    return (request) => {
      const next = token[this.tokensAsked.length];
      this.tokensAsked.push(request);
      if (next === undefined) throw new Error('the backend says no');
      return next;
    };
  }

  /** Takes part in two calls of one link, in between of two who mean to have one. */
  async standBetween(input: BetweenInput): Promise<void> {
    await standBetween(input);
  }

  /** What went wrong since this page joined last. */
  problemsHere(): readonly string[] {
    const entered = this.happenings.findLastIndex(({ what }) => what === 'entered');
    return this.happenings
      .slice(entered + 1)
      .flatMap(({ what, detail }) => (what === 'problem' ? [detail] : []));
  }

  /** The contract of identities, in this browser. @returns what failed */
  async checkIdentities(): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const [index, { title, run }] of identitiesContract.entries()) {
      try {
        await run(await openIdentities(`contract ${index}`));
      } catch (error) {
        failed.push(`${title}: ${String(error)}`);
      }
    }
    return failed;
  }

  /** What this browser keeps of whom it verified: `p2 both`. */
  async kept(): Promise<readonly string[]> {
    const all = await (await openIdentities()).all();
    return all.map((one) => `${one.label} ${one.kind === 'verified' ? one.keptBy : one.kind}`);
  }

  async forgetEveryone(): Promise<void> {
    await (await openIdentities()).clear();
  }

  /** Puts somebody else in the place of the one who answers, behind the SDK's back. */
  liePath(): ReturnType<typeof liePath> {
    return liePath();
  }

  /** Names of those here, this one aside. */
  names(): string[] {
    return [...this.room.peers.values()].map(nameOf).toSorted();
  }

  /** Where the room and each of those here stand, this one aside: `p2 connected`. */
  view(): { readonly room: string; readonly peers: readonly string[] } {
    const peers = [...this.room.peers.values()].map(
      (peer) => `${nameOf(peer)} ${peer.state.status}`,
    );
    return { room: this.room.state.status, peers: peers.toSorted() };
  }

  /** All that happened and how each connection stands, for a person to read. */
  story(): string[] {
    const firstMs = this.happenings[0]?.atMs ?? 0;
    return [
      ...this.happenings.map(
        ({ atMs, what, from, detail }) => `+${atMs - firstMs} ms ${what} ${from} ${detail}`,
      ),
      ...this.connections.map((pc, i) => `connection ${i}: ${connectionText(pc)}`),
      `+${Date.now() - firstMs} ms now: ${this.#room === undefined ? 'no room' : JSON.stringify(this.view())}`,
    ];
  }

  peer(name: string): Peer<TestMessages> {
    return this.#of(name).peer;
  }

  picture(name: string, source: Source = 'camera'): PictureReport | undefined {
    return this.#seen.get(name)?.pictures.get(source)?.report();
  }

  /** When a picture's first frame came after a time, both by the wall clock that pages share. */
  frameAfter(name: string, timeMs: number, source: Source = 'camera'): number | undefined {
    return this.#seen.get(name)?.pictures.get(source)?.firstFrameAfter(timeMs);
  }

  /** When a picture came to flow again; see `PictureWatch`. */
  flowsSince(
    name: string,
    timeMs: number,
    calm: Parameters<PictureWatch['flowsSince']>[1],
  ): number | undefined {
    return this.#seen.get(name)?.pictures.get('camera')?.flowsSince(timeMs, calm);
  }

  /**
   * Whether the last so many frames of a camera waited less than `lateMs` in the receiver's buffer each
   * (webrtc-stats, `jitterBufferDelay`); false until so many have come since the last look.
   */
  async isInTime(name: string, lateMs: number, frames: number): Promise<boolean> {
    const seen = this.#of(name);
    let delayS = 0;
    let emitted = 0;
    for (const entry of (await seen.peer.stats()).values() as Iterable<Record<string, unknown>>) {
      if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'video') continue;
      delayS += Number(entry['jitterBufferDelay'] ?? 0);
      emitted += Number(entry['jitterBufferEmittedCount'] ?? 0);
    }
    const before = seen.buffered ?? { delayS, emitted };
    const count = emitted - before.emitted;
    if (seen.buffered !== undefined && count >= 0 && count < frames) return false;
    seen.buffered = { delayS, emitted };
    return count > 0 && ((delayS - before.delayS) / count) * 1_000 < lateMs;
  }

  /** Counts frames and gaps from now on. */
  restartPicture(name: string, source: Source = 'camera'): void {
    const { peer, pictures } = this.#of(name);
    const track = peer.tracks.get(source);
    if (track === undefined) throw new Error(`${name} sends no ${source}`);
    pictures.get(source)?.remove();
    pictures.set(source, new PictureWatch(showTrack(track.track, track)));
    const own = this.room.local.track('camera');
    if (source !== 'camera' || own === undefined) return;
    this.#own?.remove();
    this.#own = new PictureWatch(showTrack(own));
  }

  /** The longest gap in this page's own camera since `restartPicture`: what the machine held up. */
  ownGapMs(): number {
    return this.#own?.report().longestGapMs ?? 0;
  }

  tone(name: string, source: Source = 'microphone'): ToneReport | undefined {
    return this.#seen.get(name)?.tones.get(source)?.report();
  }

  negotiated(name: string): NegotiatedMedia {
    return this.peer(name).negotiated;
  }

  heard(what: Happening['what'], from: string, detail?: string): Happening | undefined {
    return this.happenings.find(
      (one) =>
        one.what === what && one.from === from && (detail === undefined || one.detail === detail),
    );
  }

  /** Says a number to each peer that is there, and notes what becomes of it. */
  tellNumber(number: number): void {
    for (const peer of this.room.peers.values()) {
      const to = nameOf(peer);
      // Who is not known by name yet cannot be told apart later.
      if (to === '') continue;
      const sent: Writable<SentNumber> = { to, number, outcome: 'pending' };
      this.#sent.push(sent);
      peer.send('text', { text: String(number) }).then(
        () => (sent.outcome = 'resolved'),
        () => (sent.outcome = 'failed'),
      );
    }
  }

  /** What became of the numbers, for `checkRecords`. */
  record(): PageRecord {
    const of = (wanted: Happening['what']): readonly Happening[] =>
      this.happenings.filter(({ what }) => what === wanted);
    return {
      name: nameIn(this.room.presence),
      sent: this.#sent,
      heard: of('text').map(({ from, detail }) => ({ from, number: Number(detail) })),
      gaveUp: of('peerleft').map(({ from }) => from),
    };
  }

  sendText(text: string): Promise<void> {
    return this.room.send('text', { text });
  }

  /** @returns the SHA-256 of what was sent, in hexadecimal */
  async sendBytes(count: number, seed: number): Promise<string> {
    const bytes = Uint8Array.from({ length: count }, (_, i) => (i * 31 + (i >> 8) + seed) & 255);
    await this.room.send('blob', bytes);
    return digest(bytes);
  }

  /** @returns codec names in use, by what the browser's statistics say of the pair's streams */
  async codecs(name: string): Promise<{ readonly sent: string[]; readonly received: string[] }> {
    const stats = await this.peer(name).stats();
    const codecs = { sent: new Set<string>(), received: new Set<string>() };
    for (const entry of stats.values() as Iterable<Record<string, unknown>>) {
      const way = { 'outbound-rtp': 'sent', 'inbound-rtp': 'received' } as const;
      const type = entry['type'];
      if (type !== 'outbound-rtp' && type !== 'inbound-rtp') continue;
      // A stream that was set up and never used has a codec all the same.
      if (!(Number(entry['packetsSent'] ?? entry['packetsReceived'] ?? 0) > 0)) continue;
      const codec = stats.get(String(entry['codecId'])) as { mimeType?: string } | undefined;
      const mime = codec?.mimeType?.split('/')[1];
      if (mime !== undefined) codecs[way[type]].add(mime);
    }
    return { sent: [...codecs.sent].toSorted(), received: [...codecs.received].toSorted() };
  }

  /** @returns when it began, by the wall clock */
  async leave(): Promise<number> {
    const atMs = Date.now();
    await this.room.leave();
    this.#seen.clear();
    return atMs;
  }

  #of(name: string): Seen {
    const seen = this.#seen.get(name);
    if (seen === undefined) throw new Error(`${name} was never here; here: ${this.names().join()}`);
    return seen;
  }

  #watch(peer: Peer<TestMessages>, deaf: boolean): void {
    const seen: Seen = { peer, pictures: new Map(), tones: new Map() };
    const register = (): void => {
      this.#seen.set(nameOf(peer), seen);
    };
    register();
    // A presence may come with the first offer only, so the name is learnt then.
    peer.on('presence', () => {
      register();
      this.#note('peer', peer);
    });
    if (nameOf(peer) !== '') this.#note('peer', peer);
    peer.on('state', (state) => this.#note('state', peer, state.status));
    peer.on('track', (remote) => {
      const { source, track } = remote;
      if (track.kind === 'video')
        seen.pictures.set(source, new PictureWatch(showTrack(track, remote)));
      else if (!deaf) seen.tones.set(source, new ToneWatch(track, () => remote.level()));
      this.#note('track', peer, source);
    });
    peer.on('trackended', ({ source }) => {
      seen.pictures.get(source)?.remove();
      seen.tones.get(source)?.stop();
      seen.pictures.delete(source);
      seen.tones.delete(source);
      this.#note('trackended', peer, source);
    });
  }

  #note(what: Happening['what'], peer?: Peer<TestMessages>, detail = ''): void {
    const from = peer === undefined ? '' : nameOf(peer);
    this.happenings.push({ atMs: Date.now(), what, from, detail });
  }
}

function nameOf({ presence }: Peer<TestMessages>): string {
  return nameIn(presence);
}

function nameIn(presence: Presence): string {
  const name = presence['name'];
  return typeof name === 'string' ? name : '';
}

async function digest(bytes: Uint8Array): Promise<string> {
  const sum = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

declare global {
  interface Window {
    harness: Harness;
  }
}

window.harness = new Harness();
