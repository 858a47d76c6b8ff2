import type {
  Control,
  Knock as ServerKnock,
  PeerId,
  RoomAccess,
  RoomSettings,
  SettingsChange,
  Source,
} from '@peerline/protocol';
import type { AdmissionEvents, Knock, RoomAdmission } from '../api-admission.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter, type Replays } from '../base/events.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { Whereabouts } from './whereabouts.ts';

/** The server answers within a round trip; a person who presses a button waits no longer than this. */
const ANSWER_MAX_MS = 5_000;

export interface DoorKeeperOptions {
  readonly self: PeerId;
  readonly settings: RoomSettings;
  readonly signaling: Signaling;
  readonly clock: Clock;
  readonly whereabouts: Whereabouts;
  readonly peers: ReadonlyMap<PeerId, { control(control: Control): boolean }>;
}

/** The door of a room that was joined. */
export class DoorKeeper extends Emitter<AdmissionEvents> implements RoomAdmission {
  readonly #options: DoorKeeperOptions;
  #settings: RoomSettings;
  readonly #waiting = new Map<PeerId, Knock>();
  protected override readonly replays: Replays<AdmissionEvents> = {
    knock: () => this.#waiting.values(),
  };

  constructor(options: DoorKeeperOptions) {
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

  setAccess(access: RoomAccess): Promise<void> {
    return this.#change({ access });
  }

  async setPassword(password: string | undefined): Promise<void> {
    if (password === undefined) {
      await this.#change({ key: null });
      this.#options.whereabouts.relocked(undefined, undefined);
      return;
    }
    const { deriveDoorKey } = await import('../link/door-key.ts');
    const { whereabouts } = this.#options;
    const key = await deriveDoorKey(whereabouts.link, password);
    await this.#change({ key });
    whereabouts.relocked(password, key);
  }

  setCapacity(capacity: number): Promise<void> {
    if (!Number.isInteger(capacity) || capacity < 2 || capacity > this.capacityMax) {
      const message = `a room takes 2 to ${this.capacityMax} peers, not ${capacity}`;
      return Promise.reject(new PeerlineError('bad-options', message));
    }
    return this.#change({ capacity });
  }

  async remove(peer: PeerId): Promise<void> {
    if (!this.isHost) throw notHost();
    const { whereabouts, peers, clock } = this.#options;
    if (!peers.has(peer)) throw PeerlineError.peerGone(peer);
    const others = new Set([...peers.keys()].filter((other) => other !== peer));
    const rekey = await whereabouts.leaveBehind(peer);
    const { tellAll } = await import('./moving.ts');
    void tellAll(clock, others, (other) => peers.get(other)?.control(rekey));
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

  /** @returns once everyone is told */
  #change(change: SettingsChange): Promise<void> {
    const { signaling, clock } = this.#options;
    if (!this.isHost) return Promise.reject(notHost());
    return new Promise((resolve, reject) => {
      const listening = new AbortController();
      const { signal } = listening;
      const end = (finish: () => void): void => {
        listening.abort();
        finish();
      };
      const late = clock.setTimeout(() => end(() => reject(noServer())), ANSWER_MAX_MS);
      signal.addEventListener('abort', late);
      signaling.on('settings', () => end(resolve), { signal });
      signaling.on(
        'problem',
        ({ code, event, message }) => {
          if (event !== 'settings') return;
          end(() =>
            reject(code === 'not-host' ? notHost() : new PeerlineError('bad-options', message)),
          );
        },
        { signal },
      );
      if (!signaling.say('settings', change)) end(() => reject(noServer()));
    });
  }
}

function notHost(): PeerlineError {
  return new PeerlineError('not-host', 'only the host may do that; see admission.host');
}

function noServer(): PeerlineError {
  return new PeerlineError('server-unreachable', 'the server does not answer; try again');
}
