import type {
  Knock as ServerKnock,
  PeerId,
  RoomAccess,
  RoomSettings,
  Source,
} from '@peerline/protocol';
import type { AdmissionEvents, Knock, RoomAdmission } from '../api-admission.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import type { HostCommands, HostCommandsOptions } from './host-commands.ts';
import { noServer, notHost } from './refusal-error.ts';

/** The door of a room that was joined. */
export class DoorKeeper extends Emitter<AdmissionEvents> implements RoomAdmission {
  readonly #options: HostCommandsOptions;
  #settings: RoomSettings;
  readonly #waiting = new Map<PeerId, Knock>();
  protected override readonly replays: Replays<AdmissionEvents> = {
    knock: () => this.#waiting.values(),
  };

  constructor(options: HostCommandsOptions) {
    super();
    this.#options = options;
    this.#settings = options.settings;
  }

  get access(): RoomAccess {
    return this.#settings.access;
  }
  get hasPassword(): boolean {
    return this.#settings.passwordRevision > 0;
  }
  get capacity(): number {
    return this.#settings.capacity;
  }
  get capacityMax(): number {
    return this.#settings.capacityMax;
  }
  get host(): PeerId {
    return this.#settings.host;
  }
  /** Whether anyone may come in who holds the link. @param others how many are in beside oneself, with it */
  isOpenFor(others: number): boolean {
    return this.access === 'open' && others < this.capacity;
  }
  get isHost(): boolean {
    return this.host === this.#options.self;
  }
  get waiting(): readonly Knock[] {
    return [...this.#waiting.values()];
  }

  async setAccess(access: RoomAccess): Promise<void> {
    await (await this.#host()).change({ access });
  }

  async setPassword(password: string | undefined): Promise<void> {
    await (await this.#host()).setPassword(password);
  }

  async setCapacity(capacity: number): Promise<void> {
    await (await this.#host()).setCapacity(capacity);
  }

  async remove(peer: PeerId): Promise<void> {
    await (await this.#host()).remove(peer);
  }

  async requestMute(peer: PeerId, source: Source = 'microphone'): Promise<void> {
    if (!this.isHost) throw notHost();
    if (this.#options.peers.get(peer)?.control({ type: 'mute-request', source }) !== true) {
      throw PeerlineError.peerGone(peer);
    }
  }

  /** For the room: the server told how the door is now. */
  settled(settings: RoomSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (!this.isHost) for (const knock of this.waiting) this.#end(knock);
    if (before.host !== settings.host) this.emit('host', settings.host);
    this.emit('access', settings.access);
  }

  /** For the room: someone asks to be let in. */
  async knocked({ peer, note }: ServerKnock): Promise<void> {
    const { openDoorNote } = await import('../seal/door-note.ts');
    const name = await openDoorNote(this.#options.whereabouts.link, peer, note);
    // Whoever does not hold the link is not worth a person's attention.
    if (name === undefined || this.#waiting.has(peer) || !this.isHost) return;
    const answer = (event: 'admit' | 'decline') => async (): Promise<void> => {
      if (!this.#options.signaling.say(event, { peer })) throw noServer();
      this.#end(knock);
    };
    const knock: Knock = { id: peer, name, admit: answer('admit'), decline: answer('decline') };
    this.#waiting.set(peer, knock);
    this.emit('knock', knock);
  }

  /** For the room: whoever it was does not wait any more. */
  knockEnded(peer: PeerId): void {
    const knock = this.#waiting.get(peer);
    if (knock !== undefined) this.#end(knock);
  }

  #end(knock: Knock): void {
    if (this.#waiting.delete(knock.id)) this.emit('knockended', knock);
  }

  async #host(): Promise<HostCommands> {
    if (!this.isHost) throw notHost();
    // What cannot be loaded from the server could not be asked of it either.
    const loaded = await import('./host-commands.ts').catch(() => undefined);
    if (loaded === undefined) throw noServer();
    return new loaded.HostCommands({ ...this.#options, settings: this.#settings });
  }
}
