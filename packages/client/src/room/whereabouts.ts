import type { DoorKey, JoinDoor, PeerId, RoomSettings } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import type { RoomLink } from '../link/room-link.ts';
import type { Rekey } from './moving.ts';
import type { MovableSignaling } from './movable-signaling.ts';
import type { SessionMaker } from './room-session.ts';
import type { SealedSignals } from './sealed-signals.ts';

export interface WhereaboutsOptions {
  readonly link: RoomLink;
  /** What this side said at the door when it came. */
  readonly door: JoinDoor;
  readonly password: string | undefined;
  readonly settings: RoomSettings;
  readonly maker: SessionMaker;
  readonly clock: Clock;
  readonly signaling: MovableSignaling;
  readonly signals: SealedSignals;
  readonly peers: ReadonlyMap<PeerId, unknown>;
  /** The room has another link, and that peer is not in it any more. */
  readonly onMoved: (link: RoomLink, removed: PeerId) => void;
}

/** Under which link this side is in the room, what opens it, and the way to the next one (SPEC.md, DOOR6). */
export class Whereabouts {
  readonly #options: WhereaboutsOptions;
  #link: RoomLink;
  #key: DoorKey | undefined;
  #settings: RoomSettings;
  /** The room's password as this side knows it; another one may have been set since. */
  #password: { readonly text: string; readonly revision: number } | undefined;

  constructor(options: WhereaboutsOptions) {
    this.#options = options;
    this.#link = options.link;
    this.#key = options.door.key;
    this.#settings = options.settings;
    if (options.password !== undefined) this.#knows(options.password);
    this.revise();
  }

  get link(): RoomLink {
    return this.#link;
  }

  /** The server told how the door is now. Later joins say so: one that was restarted has forgotten it. */
  settled(settings: RoomSettings): void {
    this.#settings = settings;
    this.revise();
  }

  /** This side, as host, gave the room another password, or none. */
  relocked(password: string | undefined, key: DoorKey | undefined): void {
    this.#key = key;
    this.#password = undefined;
    if (password !== undefined) this.#knows(password);
    this.revise();
  }

  /**
   * As host: goes on under a new link without that peer.
   *
   * @returns what the others are to be told
   * @throws PeerlineError `server-unreachable`
   */
  async leaveBehind(removed: PeerId): Promise<Rekey> {
    const { newLink } = await import('./moving.ts');
    const isKnown = this.#password?.revision === this.#settings.passwordRevision;
    const rekey = await newLink(this.#link, removed, isKnown ? this.#password?.text : undefined);
    const { signaling } = this.#options;
    await this.#move(rekey, () => signaling.say('remove', { peer: removed }));
    return rekey;
  }

  /** The host went on under that link. @throws PeerlineError `server-unreachable`, `bad-link` */
  async follow(rekey: Rekey): Promise<void> {
    await this.#move(rekey, () => undefined);
  }

  async #move(rekey: Rekey, behind: () => void): Promise<void> {
    const { maker, clock, signaling, signals, onMoved } = this.#options;
    const { moveTo } = await import('./moving.ts');
    const { access, passwordRevision } = this.#settings;
    // A password that nobody here knows cannot be asked for by a new link: the host lets people in then.
    const isLost = passwordRevision > 0 && rekey.door === undefined && access === 'open';
    const door: JoinDoor = {
      access: isLost ? 'knock' : access,
      ...(rekey.door !== undefined && { key: rekey.door }),
      expects: this.#others().filter((peer) => peer !== rekey.removed),
    };
    await moveTo({ maker, clock, signaling, signals, behind }, rekey, door, (link) => {
      this.#link = link;
      this.#key = rekey.door;
      onMoved(link, rekey.removed);
    });
  }

  #knows(text: string): void {
    this.#password = { text, revision: this.#settings.passwordRevision };
  }

  #others(): PeerId[] {
    return [...this.#options.peers.keys()];
  }

  /** Who is in the room changed, or its door: the next join says so. */
  revise(): void {
    const { access, passwordRevision } = this.#settings;
    const key = passwordRevision > 0 ? this.#key : undefined;
    this.#options.signaling.reviseDoor({
      ...{ access, expects: this.#others() },
      ...(key !== undefined && { key }),
    });
  }
}
