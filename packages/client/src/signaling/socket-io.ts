import {
  parseJoinRefusal,
  parseServerMessage,
  type ClientEvent,
  type ClientMessages,
  type JoinDoor,
  type JoinRefusal,
  type JoinRequest,
  type PeerId,
  type Problem,
} from '@peerline/protocol';
import { transports } from 'engine.io-client';
import { io, type Socket } from 'socket.io-client';
import { systemClock, type Clock } from '../base/clock.ts';
import { JoinInUpgrade } from './join-in-upgrade.ts';
import { RacingTransport, racingTransport } from './racing-transport.ts';
import { ServerSearch } from './server-search.ts';
import { SignalingBase } from './signaling-base.ts';
import { isThrough, type Signaling, type SignalingState } from './signaling.ts';
import type { TokenSource } from './token-source.ts';

/** The first try after a loss: long enough for a server to be replaced, too short to be noticed. */
const RECONNECT_FIRST_MS = 300;

/** Tries slow down to this; with the jitter below, 10,000 clients come back spread over seconds. */
const RECONNECT_MAX_MS = 2_500;

/** Each wait is drawn from 50 % to 150 % of its nominal length. */
const RECONNECT_JITTER = 0.5;

/** A connection that does not open in this time is given up; above any handshake that still works. */
const CONNECT_TIMEOUT_MS = 8_000;

/** An answer to a probe takes one round trip; over most networks a new try does no harm behind this. */
const ECHO_LEAST_MS = 500;

/** A connection takes three round trips at least; twice one of them is given to an answer, up to this. */
const ECHO_SHARE = 2 / 3;
const ECHO_MOST_MS = 4_000;

/** A server that refused for now is asked again after this, where it names no time itself. */
const REFUSED_RETRY_MS = 3_000;

/** Refusals that pass by themselves; a newcomer is told of any other at once. */
const PASSING_REFUSALS: ReadonlySet<JoinRefusal['code']> = new Set([
  'rate-limited',
  'shutting-down',
  'internal',
]);

/** Signaling over Socket.IO 4: the join rides in the CONNECT packet (SPEC.md, JOIN1), or before it (JOIN10). */
export class SocketIoSignaling extends SignalingBase implements Signaling {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #join: JoinRequest | undefined;
  /** Counts joins that were sent, so that one which is late is told from the last (SPEC.md, JOIN9). */
  #joins = 0;
  #tokens: TokenSource | undefined;
  #attempt = 0;
  #joinedBefore = false;
  #cancelRetry: (() => void) | undefined;
  readonly #joinInUpgrade = new JoinInUpgrade(() =>
    // A token may have to be waited for.
    this.#tokens === undefined ? this.#nextJoin() : undefined,
  );
  readonly #search: ServerSearch;
  #isCutOff = false;
  #beganMs = 0;
  /** Else a far server would be connected to anew before it could answer, again and again. */
  #echoMaxMs = ECHO_LEAST_MS;
  /** A probe that is out, or what became of it: `mute` is a server that did not answer. */
  #echo: { readonly cancel: () => void } | 'mute' | 'none' = 'none';

  constructor(url: string, clock: Clock = systemClock) {
    super();
    this.#clock = clock;
    this.#search = new ServerSearch(url, clock, () => this.retryNow());
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transportImplementations: [racingTransport(this.#joinInUpgrade), transports.polling],
      tryAllTransports: true,
      timeout: CONNECT_TIMEOUT_MS,
      reconnectionDelay: RECONNECT_FIRST_MS,
      reconnectionDelayMax: RECONNECT_MAX_MS,
      randomizationFactor: RECONNECT_JITTER,
      auth: (send) => {
        if (!this.#hasJoinedAlong) send(this.#nextJoin());
      },
    });
    this.#socket.on('connect_error', (error) => this.#failed(error));
    this.#socket.on('disconnect', (reason) => this.#disconnected(reason));
    this.#socket.onAny((event, data) => this.#received(event, data));
    this.#socket.io.on('reconnect_attempt', () => this.#connecting());
    this.#socket.io.on('ping', () => this.#heard());
  }

  connect(join: JoinRequest, tokens?: TokenSource): void {
    this.#join = join;
    this.#tokens = tokens;
    tokens?.serve(
      this.#socket,
      () => this.#nextJoin(),
      (error) => {
        if (this.ended) return;
        this.emit('token-failed', error);
        if (!isThrough(this.state)) this.#retryAfter(REFUSED_RETRY_MS);
      },
    );
    this.#connecting();
    this.#socket.connect();
  }

  get #hasJoinedAlong(): boolean {
    const { transport } = this.#socket.io.engine;
    return transport instanceof RacingTransport && transport.tookJoin;
  }

  #nextJoin(): object {
    return { ...this.#join, attempt: (this.#joins += 1) };
  }

  relay(to: PeerId, body: string): boolean {
    if (!isThrough(this.state)) return false;
    this.#socket.emit('signal', { to, body });
    return true;
  }

  say<E extends ClientEvent>(event: E, data: ClientMessages[E]): boolean {
    if (this.#socket.connected) this.#socket.emit(event, data);
    return this.#socket.connected;
  }

  comeIn(): void {
    if (this.#join !== undefined) this.#join = { ...this.#join, visit: false };
    if (this.state.status === 'visiting') this.#socket.emit('enter', null);
  }

  reviseDoor(door: JoinDoor): void {
    if (this.#join !== undefined) this.#join = { ...this.#join, door };
  }

  drop(): void {
    this.#end({ status: 'closed' });
  }

  leave(): void {
    if (this.#socket.connected) this.#socket.emit('leave', null);
    this.#end({ status: 'closed' });
  }

  retryNow(): void {
    if (this.state.status === 'idle' || this.ended) return;
    if (isThrough(this.state)) {
      this.probe();
      return;
    }
    this.#cancelRetry?.();
    this.#again();
  }

  setCutOff(isCutOff: boolean): void {
    if (isCutOff === this.#isCutOff) return;
    this.#isCutOff = isCutOff;
    if (isCutOff && this.#echo === 'mute') this.#renew();
    else if (isCutOff) this.probe();
    // A try that began in a dead path waits for TCP to repeat itself, as long again as the path was gone.
    else if (!isThrough(this.state)) this.retryNow();
    this.#searchIfNeeded();
  }

  /** What it relays to oneself comes back, if it hears us (SPEC.md, RELAY6). */
  probe(isOnlyWay = false): void {
    if (typeof this.#echo === 'object' || this.#join === undefined) return;
    if (!this.relay(this.#join.peer, 'echo')) return;
    const cancel = this.#clock.setTimeout(() => {
      this.#echo = 'mute';
      if (isThrough(this.state) && (this.#isCutOff || isOnlyWay)) this.#renew();
    }, this.#echoMaxMs);
    this.#echo = { cancel };
  }

  /** It hangs in a path that is gone, and would be missed by its heartbeat only seconds later. */
  #renew(): void {
    this.#heard();
    this.#again();
  }

  /** Closing the engine under a waiting manager makes it forget its timer. */
  #again(): void {
    this.#socket.disconnect();
    this.#beganMs = this.#clock.nowMs();
    this.#socket.connect();
  }

  #searchIfNeeded(): void {
    if (this.#isCutOff && !this.ended && !isThrough(this.state)) this.#search.start();
    else this.#search.stop();
  }

  #connecting(): void {
    this.#attempt += 1;
    this.#beganMs = this.#clock.nowMs();
    this.enter({ status: 'connecting', attempt: this.#attempt });
    this.#searchIfNeeded();
  }

  get isDoubted(): boolean {
    return this.#echo !== 'none';
  }

  #heard(): void {
    const wasDoubted = this.isDoubted;
    if (typeof this.#echo === 'object') this.#echo.cancel();
    this.#echo = 'none';
    if (wasDoubted && isThrough(this.state)) this.emit('echo', null);
  }

  #received(event: unknown, data: unknown): void {
    this.#heard();
    const parsed = parseServerMessage(event, data);
    if (!parsed.ok) {
      this.emit('garbage', { event: String(event), message: parsed.error.message });
      return;
    }
    const message = parsed.value;
    if (message.event === 'welcome') this.#joinedBefore = true;
    // Whoever comes out of the lobby was there for as long as it liked.
    const isNew = message.event === 'lobby' || message.event === 'welcome';
    if (isNew && !isThrough(this.state)) {
      this.#attempt = 0;
      const tookMs = this.#clock.nowMs() - this.#beganMs;
      this.#echoMaxMs = Math.min(Math.max(ECHO_LEAST_MS, tookMs * ECHO_SHARE), ECHO_MOST_MS);
    }
    const isEcho = message.event === 'signal' && message.data.from === this.#join?.peer;
    if (!isEcho) this.tell(message);
    this.#searchIfNeeded();
    if (message.event === 'problem') this.#lastWord(message.data);
  }

  /** Behind some problems the server closes for good. */
  #lastWord({ code, message }: Problem): void {
    if (code === 'taken-over') this.#end({ status: 'taken-over' });
    else if (code === 'visit-ended') this.#end({ status: 'closed' });
    else if (code === 'declined' || code === 'removed' || code === 'room-moved') {
      this.#end({ status: 'refused', refusal: { code, message }, retrying: false });
    }
  }

  #failed(error: Error & { readonly data?: unknown }): void {
    if (this.ended || error.data === undefined) return; // the manager tries again by itself
    const parsed = parseJoinRefusal(error.data);
    const refusal: JoinRefusal = parsed.ok
      ? parsed.value
      : { code: 'internal', message: 'the server gave no reason' };
    if (this.#isFinal(refusal)) {
      this.#end({ status: 'refused', refusal, retrying: false });
      return;
    }
    this.enter({ status: 'refused', refusal, retrying: true });
    this.#retryAfter(refusal.retryAfterMs ?? REFUSED_RETRY_MS);
  }

  /** Who was in already goes on asking: its calls live, and what refuses it now may pass. */
  #isFinal({ code }: JoinRefusal): boolean {
    if (!this.#joinedBefore) return !PASSING_REFUSALS.has(code);
    return code === 'not-authorized' && this.#tokens?.denied() !== 'try again';
  }

  #disconnected(reason: string): void {
    if (this.ended) return;
    this.#connecting();
    // Socket.IO reconnects by itself, but not where the server closed on purpose.
    if (reason === 'io server disconnect') this.#retryAfter(RECONNECT_FIRST_MS);
  }

  #retryAfter(ms: number): void {
    this.#cancelRetry?.();
    const jitter = 1 - RECONNECT_JITTER + Math.random() * 2 * RECONNECT_JITTER;
    this.#cancelRetry = this.#clock.setTimeout(() => this.#again(), ms * jitter);
  }

  #end(state: SignalingState): void {
    this.#cancelRetry?.();
    this.enter(state);
    this.#heard();
    this.#searchIfNeeded();
    this.#socket.disconnect();
    this.#socket.offAny();
  }
}
