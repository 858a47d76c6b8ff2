import { createServer, type PeerlineServer } from '@peerline/server';
import {
  join,
  longestStallMs,
  newRoom,
  openHarness,
  orderedPairs,
  seesCamera,
  watchAnew,
  type Member,
} from './call.ts';
import { TURN_SECRET, type Coturn } from './coturn.ts';
import type { Party } from './party.ts';
import { waitFor, type BrowserName } from './tab.ts';

export type Transport = 'udp' | 'tcp';

/** Renewed at 80 % of it. */
const TTL_SECONDS = 8;

/** Ends are whole seconds, rounded up here and compared as such by coturn. */
const ROUNDING_SECONDS = 2;

export interface RelayCallOptions {
  readonly party: Party;
  readonly coturn: Coturn;
  readonly staticDir: string;
  readonly transport: Transport;
  readonly browsers: readonly [BrowserName, BrowserName];
}

/** What a pair that looks at each other noticed of the end of credentials. */
export interface Notice {
  /** All states of the peer so far. */
  readonly states: readonly string[];
  readonly longestStallMs: number;
}

/** Two who keep to relays, with credentials that end within seconds. */
export class RelayCall {
  readonly members: readonly [Member, Member];
  readonly room: string;
  readonly #server: PeerlineServer;
  readonly #party: Party;

  private constructor(
    server: PeerlineServer,
    party: Party,
    members: readonly [Member, Member],
    room: string,
  ) {
    this.#server = server;
    this.#party = party;
    this.members = members;
    this.room = room;
  }

  /** @returns once both have joined */
  static async begin(options: RelayCallOptions): Promise<RelayCall> {
    const { party, coturn, staticDir, transport, browsers } = options;
    const server = await createServer({
      port: 0,
      staticDir,
      turn: {
        urls: [`turn:127.0.0.1:${coturn.port}?transport=${transport}`],
        secret: TURN_SECRET,
        ttlSeconds: TTL_SECONDS,
      },
    });
    const members = [
      await openHarness(party, browsers[0], 1, server.url),
      await openHarness(party, browsers[1], 2, server.url),
    ] as const;
    const room = await newRoom(members[0].tab);
    for (const member of members) {
      await member.tab.evaluate(watchRenewals);
      await join(member, { room, relayOnly: true }, ['camera']);
    }
    return new RelayCall(server, party, members, room);
  }

  /**
   * Waits until the credentials of now have ended, those behind them are in use, and a third one has
   * joined with them and left.
   *
   * @returns what each of the two noticed of it
   * @throws Error where new ones come too late, or do not hold
   */
  async outliveCredentials(): Promise<readonly Notice[]> {
    const [ann, ben] = this.members;
    const pairs = orderedPairs(this.members);
    for (const [viewer, shown] of pairs) {
      await seesCamera(viewer, shown);
      await watchAnew(viewer, shown);
    }
    const firstEndsMs = Date.now() + (TTL_SECONDS + ROUNDING_SECONDS) * 1_000;
    for (const member of [ann, ben]) {
      const endsMs = await waitFor(
        member.tab,
        'new credentials, behind those of the joining',
        (after: number) => window.renewedUntilMs.find((until) => until > after),
        firstEndsMs,
      );
      if (Date.now() >= endsMs) throw new Error(`${member.name} got new credentials too late`);
    }
    await waitFor(ann.tab, 'the first ones to end', (end: number) => Date.now() > end, firstEndsMs);
    const cem = await openHarness(this.#party, 'chromium', 3, this.#server.url);
    await join(cem, { room: this.room, relayOnly: true }, ['camera']);
    await seesCamera(cem, ann);
    await seesCamera(ann, cem);
    const notices = await Promise.all(pairs.map(([viewer, shown]) => noticeOf(viewer, shown)));
    await this.#party.closeTab(cem.tab);
    for (const { tab } of this.members) {
      await waitFor(tab, 'the third one to leave', () => window.harness.names().length === 1);
    }
    return notices;
  }

  /** Ends the server; tabs are the party's. */
  close(): Promise<void> {
    return this.#server.close();
  }
}

/** In the page: notes until when the credentials last that connections are given in a call. */
function watchRenewals(): void {
  window.renewedUntilMs = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration(configuration);
      for (const { username } of configuration?.iceServers ?? []) {
        if (username === undefined) continue;
        window.renewedUntilMs.push(Number(username.split(':')[0]) * 1_000);
      }
    }
  };
}

async function noticeOf(viewer: Member, shown: Member): Promise<Notice> {
  const states = await viewer.tab.evaluate(
    (name: string) =>
      window.harness.happenings
        .filter(({ what, from }) => what === 'state' && from === name)
        .map(({ detail }) => detail),
    shown.name,
  );
  return { states, longestStallMs: await longestStallMs(viewer, shown) };
}

declare global {
  interface Window {
    /** When the credentials end that `setConfiguration` was given, one after the other. */
    renewedUntilMs: number[];
  }
}
