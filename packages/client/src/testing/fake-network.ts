import type { Clock } from '../base/clock.ts';

/** As measured in Chromium: how long after packets stop ICE says so (docs/decisions). */
const DISCONNECTED_AFTER_MS = 5_700;
const FAILED_AFTER_MS = 15_700;

/** From matching descriptions and a first candidate to an open channel, in all. */
const CONNECT_MS = 50;
const HEAL_MS = 10;
const DELIVERY_MS = 5;

/** What the network knows of a connection's end. */
export interface NetworkEnd {
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
  #up = true;
  #nextUfrag = 1;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get up(): boolean {
    return this.#up;
  }

  newUfrag(): string {
    this.#nextUfrag += 1;
    return `u${this.#nextUfrag}`;
  }

  register(ufrag: string, end: NetworkEnd): void {
    this.#ends.set(ufrag, end);
  }

  /** Packets between all ends stop, or flow again. */
  setUp(up: boolean): void {
    this.#up = up;
    for (const end of new Set(this.#ends.values())) {
      if (up) this.reconsider(end);
      else this.#starve(end);
    }
  }

  /** Something about an end changed: may it be connected now, with whom? */
  reconsider(end: NetworkEnd): void {
    const other = this.#partner(end);
    if (other === undefined || !this.#up) return;
    const healing = end.connectionState === 'disconnected';
    const starting = end.checking || other.checking;
    if (!healing && !starting) return;
    this.clock.setTimeout(
      () => {
        if (!this.#up || this.#partner(end) !== other) return;
        this.#paths.set(end, other).set(other, end);
        for (const each of [end, other]) {
          if (each.connectionState !== 'failed' || each.checking) each.becomeConnected();
        }
      },
      healing ? HEAL_MS : CONNECT_MS,
    );
  }

  /** Carries data of a channel to the partner's channel of the same id, in order. */
  carry(from: NetworkEnd, id: number, data: string | ArrayBuffer): void {
    const to = this.#paths.get(from);
    this.clock.setTimeout(() => {
      if (this.#up && this.#paths.get(from) === to) to?.channel(id)?.receive(data);
    }, DELIVERY_MS);
  }

  /** An end closed: the other one's channels end as well. */
  closed(end: NetworkEnd): void {
    const other = this.#paths.get(end);
    this.#paths.delete(end);
    if (other === undefined || !this.#up) return;
    this.#paths.delete(other);
    this.clock.setTimeout(() => other.remoteClosed(), DELIVERY_MS);
    this.#starve(other);
  }

  #partner(end: NetworkEnd): NetworkEnd | undefined {
    const other = end.remoteUfrag === undefined ? undefined : this.#ends.get(end.remoteUfrag);
    const mutual =
      other !== undefined &&
      other.remoteUfrag === end.localUfrag &&
      end.localUfrag !== undefined &&
      (end.remoteCandidates > 0 || other.remoteCandidates > 0);
    return mutual ? other : undefined;
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
