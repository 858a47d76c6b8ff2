import type { Clock } from '../base/clock.ts';

/** As measured in Chromium: how long after packets stop ICE says so (docs/decisions). */
const DISCONNECTED_AFTER_MS = 5_700;
const FAILED_AFTER_MS = 15_700;

/** From matching descriptions and a first candidate to an open channel, in all. */
const CONNECT_MS = 50;
const HEAL_MS = 10;
const DELIVERY_MS = 5;

/** Where a host is plugged in. While it is down, nothing goes in or out of any of its connections. */
export interface FakeAccess {
  up: boolean;
}

/** What the network knows of a connection's end. */
export interface NetworkEnd {
  readonly access: FakeAccess;
  readonly localUfrag: string | undefined;
  readonly remoteUfrag: string | undefined;
  readonly remoteCandidates: number;
  readonly connectionState: RTCPeerConnectionState;
  /** Looking for a path: at first, and behind each ICE restart. */
  readonly checking: boolean;
  /** Changes with every change of connectivity, so that timers know whether they are still due. */
  readonly connectivityEpoch: number;
  channel(id: number): { receive(data: string | ArrayBuffer): void } | undefined;
  becomeConnected(): void;
  becomeDisconnected(): void;
  becomeFailed(): void;
  /** The other end closed. */
  remoteClosed(): void;
}

/** What lies between fake connections: finds the two ends of a pair by their ICE credentials. */
export class FakeNetwork {
  readonly clock: Clock;
  readonly #ends = new Map<string, NetworkEnd>();
  /** Who was connected to whom last: a path is used until an ICE restart has found another. */
  readonly #paths = new Map<NetworkEnd, NetworkEnd>();
  readonly #everywhere: FakeAccess = { up: true };
  #nextUfrag = 1;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  newUfrag(): string {
    this.#nextUfrag += 1;
    return `u${this.#nextUfrag}`;
  }

  register(ufrag: string, end: NetworkEnd): void {
    this.#ends.set(ufrag, end);
  }

  /** Packets of one host, or of all where none is named, stop or flow again. */
  setUp(up: boolean, access: FakeAccess = this.#everywhere): void {
    access.up = up;
    for (const end of new Set(this.#ends.values())) {
      if (this.#reaches(end, this.#partner(end))) this.reconsider(end);
      else this.#starve(end);
    }
  }

  /** The paths between two hosts are gone for good, as over a relay that ends; others can be found. */
  breakPaths(one: FakeAccess, other: FakeAccess): void {
    for (const [end, partner] of this.#paths) {
      if (end.access !== one || partner.access !== other) continue;
      for (const each of [end, partner]) {
        this.#paths.delete(each);
        this.#starve(each);
      }
    }
  }

  /** Something about an end changed: may it be connected now, with whom? */
  reconsider(end: NetworkEnd): void {
    const other = this.#partner(end);
    if (other === undefined || !this.#reaches(end, other)) return;
    // From `failed` only an ICE restart leads back, which makes both ends check anew.
    const healing = [end, other].every(({ connectionState }) => isAlive(connectionState));
    const starting = end.checking && other.checking;
    if (!healing && !starting) return;
    this.clock.setTimeout(
      () => {
        if (!this.#reaches(end, other) || this.#partner(end) !== other) return;
        this.#paths.set(end, other).set(other, end);
        for (const each of [end, other]) each.becomeConnected();
      },
      healing ? HEAL_MS : CONNECT_MS,
    );
  }

  /** Carries data of a channel to the partner's channel of the same id, in order. */
  carry(from: NetworkEnd, id: number, data: string | ArrayBuffer): void {
    const to = this.#paths.get(from);
    this.clock.setTimeout(() => {
      if (!this.#reaches(from, to) || this.#paths.get(from) !== to) return;
      to?.channel(id)?.receive(data);
    }, DELIVERY_MS);
  }

  /** An end closed: the other one's channels end as well. */
  closed(end: NetworkEnd): void {
    const other = this.#paths.get(end);
    this.#paths.delete(end);
    if (other === undefined) return;
    const heard = this.#reaches(end, other);
    this.#paths.delete(other);
    if (heard) this.clock.setTimeout(() => other.remoteClosed(), DELIVERY_MS);
    this.#starve(other);
  }

  #partner(end: NetworkEnd): NetworkEnd | undefined {
    const other = end.remoteUfrag === undefined ? undefined : this.#ends.get(end.remoteUfrag);
    const mutual =
      other !== undefined &&
      other.connectionState !== 'closed' &&
      end.connectionState !== 'closed' &&
      other.remoteUfrag === end.localUfrag &&
      end.localUfrag !== undefined &&
      (end.remoteCandidates > 0 || other.remoteCandidates > 0);
    return mutual ? other : undefined;
  }

  #reaches(end: NetworkEnd, other: NetworkEnd | undefined): boolean {
    return this.#everywhere.up && end.access.up && other?.access.up === true;
  }

  #starve(end: NetworkEnd): void {
    if (end.connectionState !== 'connected') return;
    const epoch = end.connectivityEpoch;
    const ifStill = (run: () => void) => (): void => {
      if (end.connectivityEpoch === epoch && end.connectionState !== 'closed') run();
    };
    this.clock.setTimeout(
      ifStill(() => end.becomeDisconnected()),
      DISCONNECTED_AFTER_MS,
    );
    this.clock.setTimeout(
      ifStill(() => end.becomeFailed()),
      FAILED_AFTER_MS,
    );
  }
}

function isAlive(state: RTCPeerConnectionState): boolean {
  return state === 'connected' || state === 'disconnected';
}
