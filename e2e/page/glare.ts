import type { AnyMessage, Peer, Room } from 'peerline';
import type { TestMessages } from './messages.ts';
import { FIRST_STAND, standAfter, TOGGLED, turnOf, type Stand, type Turn } from './turns.ts';

export interface Participant {
  readonly name: string;
  readonly participant: number;
}

export interface GlareInput {
  readonly seed: number;
  readonly self: number;
  readonly others: readonly Participant[];
}

export interface SoakReport {
  readonly rounds: number;
  readonly elapsedMs: number;
  readonly slowestMs: number;
  readonly restarts: number;
  readonly renegotiations: number;
  /** The round that did not end, and what it waited for. */
  readonly stuck: string | undefined;
}

/** What of the page is turned about and looked at. */
interface Stage {
  readonly room: Room<TestMessages>;
  readonly connections: readonly RTCPeerConnection[];
  peer(name: string): Peer<TestMessages>;
}

/**
 * A round that takes longer is stuck: what only the negotiation's watchdog of 10 s gets going again
 * (SPEC.md, NEG7) stood still, whatever became of it.
 */
const STUCK_MS = 5_000;

const LOOK_EVERY_MS = 4;
/** Eight pages that look so often would be a part of the load that is measured. */
const STORM_LOOK_EVERY_MS = 25;

/** All take their turns at once; each then waits until it sees what the turns of all have to lead to. */
export class Glare {
  readonly #stage: Stage;
  readonly #ended = new Map<string, number>();
  #input: GlareInput = { seed: 0, self: 0, others: [] };
  #round = 0;
  #stands = new Map<number, Stand>();
  /** ICE credentials in use when the last round was over. */
  #before: ReadonlySet<string> = new Set();
  #listening: (() => void) | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Everyone has camera and microphone on. */
  begin(input: GlareInput): void {
    this.#input = input;
    this.#round = 0;
    this.#ended.clear();
    const everyone = [input.self, ...input.others.map(({ participant }) => participant)];
    this.#stands = new Map(everyone.map((one) => [one, FIRST_STAND]));
    this.#listening?.();
    this.#before = new Set(this.#fragments());
    this.#prefer(FIRST_STAND);
    this.#listening = this.#stage.room.on('message', (message) => this.#heard(message));
  }

  /**
   * One round without ICE restarts, begun by the wall clock that all pages share.
   *
   * @returns when everything was as it should be, by that clock
   * @throws Error that says what was not
   */
  async storm(beginMs: number): Promise<number> {
    const turns = this.#nextTurns();
    await until(() => Date.now() >= beginMs, STUCK_MS);
    await this.#take(this.#own(turns), { restartsIce: false });
    const isDone = (): boolean => this.missing().length === 0;
    const isSettled = await until(isDone, STUCK_MS, STORM_LOOK_EVERY_MS);
    if (!isSettled) throw new Error(`round ${this.#round} is stuck: ${this.missing().join(', ')}`);
    return Date.now();
  }

  /** Many rounds; who is through with one begins the next as soon as the others are. */
  async soak(rounds: number): Promise<SoakReport> {
    const report = { rounds: 0, slowestMs: 0, restarts: 0, renegotiations: 0 };
    const beginMs = performance.now();
    const finish = (stuck?: string): SoakReport => ({
      ...report,
      elapsedMs: performance.now() - beginMs,
      stuck,
    });
    while (report.rounds < rounds) {
      const roundBeginMs = performance.now();
      const turns = this.#nextTurns();
      const restarts = [...turns.values()].some(({ restartsIce }) => restartsIce);
      await this.#take(this.#own(turns), { restartsIce: true });
      const missing = (): readonly string[] => [
        ...this.missing(),
        ...(restarts && this.#fragments().some((one) => this.#before.has(one))
          ? ['ICE restart']
          : []),
      ];
      if (!(await until(() => missing().length === 0, STUCK_MS))) {
        return finish(`round ${this.#round}: ${missing().join(', ')}`);
      }
      // Before the word is out: from then on the others may begin the next one.
      this.#before = new Set(this.#fragments());
      await this.#stage.room.send('turn', { round: this.#round });
      const othersEnded = (): boolean =>
        this.#input.others.every(({ name }) => (this.#ended.get(name) ?? 0) >= this.#round);
      if (!(await until(othersEnded, STUCK_MS))) {
        return finish(`round ${this.#round}: word that the others are through`);
      }
      report.rounds += 1;
      if (restarts) report.restarts += 1;
      if ([...turns.values()].some(({ capBps }) => capBps !== undefined))
        report.renegotiations += 1;
      report.slowestMs = Math.max(report.slowestMs, performance.now() - roundBeginMs);
    }
    return finish();
  }

  /** What is not as the rounds so far have to leave it; nothing where all is. */
  missing(): readonly string[] {
    const missing: string[] = [];
    const expect = (what: string, is: unknown, wanted: unknown): void => {
      if (is !== wanted) missing.push(`${what} is ${String(is)}, not ${String(wanted)}`);
    };
    for (const { name, participant } of this.#input.others) {
      const { sources, capBps } = this.#stand(participant);
      const peer = this.#stage.peer(name);
      expect(`state of ${name}`, peer.state.status, 'connected');
      for (const source of TOGGLED) {
        expect(`${source} of ${name}`, peer.media[source], sources[source]);
        expect(`track of ${source} of ${name}`, peer.tracks.has(source), sources[source]);
      }
      expect(`cap of ${name}`, peer.negotiated.camera.maxBitrate, capBps);
    }
    for (const { signalingState, connectionState } of this.#live()) {
      expect('a negotiation', signalingState, 'stable');
      expect('a connection', connectionState, 'connected');
    }
    return missing;
  }

  /** Which sources of a participant are to be on now. */
  sourcesOf(participant: number): Stand['sources'] {
    return this.#stand(participant).sources;
  }

  /** Turns of the next round, by participant; what they lead to is expected from now on. */
  #nextTurns(): ReadonlyMap<number, Turn> {
    this.#round += 1;
    const turns = new Map<number, Turn>();
    for (const [participant, stand] of this.#stands) {
      const turn = turnOf(this.#input.seed, this.#round, participant);
      turns.set(participant, turn);
      this.#stands.set(participant, standAfter(stand, turn));
    }
    return turns;
  }

  #own(turns: ReadonlyMap<number, Turn>): Turn {
    const turn = turns.get(this.#input.self);
    if (turn === undefined) throw new Error('begin was not called');
    return turn;
  }

  async #take(turn: Turn, { restartsIce }: { readonly restartsIce: boolean }): Promise<void> {
    const { room } = this.#stage;
    const stand = this.#stand(this.#input.self);
    if (turn.afterMs > 0) await new Promise((done) => setTimeout(done, turn.afterMs));
    const toggling = turn.toggles.map(async (source) => {
      if (stand.sources[source]) await room.local[source].enable();
      else room.local[source].disable();
    });
    if (turn.capBps !== undefined) this.#prefer(stand);
    if (restartsIce && turn.restartsIce) {
      for (const { name } of this.#input.others) this.#stage.peer(name).restartIce();
    }
    await Promise.all(toggling);
  }

  #prefer({ capBps }: Stand): void {
    this.#stage.room.setMediaPreferences({ camera: { maxReceiveBitrate: capBps } });
  }

  #stand(participant: number): Stand {
    const stand = this.#stands.get(participant);
    if (stand === undefined) throw new Error(`nobody is participant ${participant}`);
    return stand;
  }

  #live(): readonly RTCPeerConnection[] {
    return this.#stage.connections.filter(({ signalingState }) => signalingState !== 'closed');
  }

  /** Of the live connections' own ICE credentials the half that every restart changes (RFC 8839, 5.4). */
  #fragments(): readonly string[] {
    return this.#live().map(
      ({ currentLocalDescription }) =>
        /^a=ice-ufrag:(.+)$/mu.exec(currentLocalDescription?.sdp ?? '')?.[1] ?? 'none',
    );
  }

  #heard(message: AnyMessage<TestMessages>): void {
    if (message.type !== 'turn') return;
    const name = message.from.presence['name'];
    if (typeof name === 'string') this.#ended.set(name, message.payload.round);
  }
}

async function until(
  isSo: () => boolean,
  maxMs: number,
  everyMs = LOOK_EVERY_MS,
): Promise<boolean> {
  const deadlineMs = performance.now() + maxMs;
  while (!isSo()) {
    if (performance.now() > deadlineMs) return false;
    await new Promise((done) => setTimeout(done, everyMs));
  }
  return true;
}
