import type {
  ClientEvent,
  ClientMessages,
  JoinDoor,
  JoinRequest,
  PeerId,
} from '@peerline/protocol';
import { Emitter } from '../base/events.ts';
import type { Signaling, SignalingEvents, SignalingState } from '../signaling/signaling.ts';
import type { TokenSource } from '../signaling/token-source.ts';

const EVENTS: { readonly [E in keyof SignalingEvents]: true } = {
  state: true,
  welcome: true,
  joined: true,
  left: true,
  signal: true,
  problem: true,
  'ice-servers': true,
  waiting: true,
  settings: true,
  knock: true,
  'knock-ended': true,
  echo: true,
  'token-failed': true,
  garbage: true,
};

/** A way to the server that can be changed for another one, as when the room gets another id. */
export class MovableSignaling extends Emitter<SignalingEvents> implements Signaling {
  #current: Signaling;
  #listening: readonly (() => void)[] = [];

  constructor(first: Signaling) {
    super();
    this.#current = first;
    this.#listen();
  }

  /**
   * Hears and speaks by that one from now on, with what it heard before; the others of the old room see this
   * side as cut off.
   */
  moveTo(next: Overheard): void {
    for (const stop of this.#listening) stop();
    this.#current.drop();
    this.#current = next.signaling;
    this.#listen();
    for (const retell of next.end()) retell(this);
  }

  get state(): SignalingState {
    return this.#current.state;
  }

  get isDoubted(): boolean {
    return this.#current.isDoubted;
  }

  connect(join: JoinRequest, tokens?: TokenSource): void {
    this.#current.connect(join, tokens);
  }

  relay(to: PeerId, body: string): boolean {
    return this.#current.relay(to, body);
  }

  say<E extends ClientEvent>(event: E, data: ClientMessages[E]): boolean {
    return this.#current.say(event, data);
  }

  comeIn(): void {
    this.#current.comeIn();
  }

  reviseDoor(door: JoinDoor): void {
    this.#current.reviseDoor(door);
  }

  leave(): void {
    this.#current.leave();
  }

  drop(): void {
    this.#current.drop();
  }

  retryNow(): void {
    this.#current.retryNow();
  }

  probe(isOnlyWay?: boolean): void {
    this.#current.probe(isOnlyWay);
  }

  setCutOff(isCutOff: boolean): void {
    this.#current.setCutOff(isCutOff);
  }

  #listen(): void {
    this.#listening = listenToAll(this.#current, (type, detail) => this.emit(type, detail));
  }
}

/** A way to the server that nobody uses yet, and all that came by it. */
export class Overheard {
  readonly signaling: Signaling;
  readonly #heard: ((to: Emitter<SignalingEvents>) => void)[] = [];
  readonly #listening: readonly (() => void)[];

  constructor(signaling: Signaling) {
    this.signaling = signaling;
    this.#listening = listenToAll(signaling, (type, detail) =>
      this.#heard.push((to) => to.emit(type, detail)),
    );
  }

  /** @returns what tells it all once more, in order */
  end(): readonly ((to: Emitter<SignalingEvents>) => void)[] {
    for (const stop of this.#listening) stop();
    return this.#heard;
  }
}

type Listener = <E extends keyof SignalingEvents>(type: E, detail: SignalingEvents[E]) => void;

function listenToAll(signaling: Signaling, listener: Listener): readonly (() => void)[] {
  const listen = (type: keyof SignalingEvents): (() => void) =>
    signaling.on(type, (detail) => listener(type, detail));
  return Object.keys(EVENTS)
    .filter(isEvent)
    .map((type) => listen(type));
}

function isEvent(name: string): name is keyof SignalingEvents {
  return Object.hasOwn(EVENTS, name);
}
