import type { PeerId, RoomLink, RoomPressure, RoomState } from 'peerline';
import { Admission, type AdmissionHooks } from './admission.ts';
import { AudioOutput } from './audio-output.ts';
import { ChatLog, type ChatEntry } from './chat-log.ts';
import { Diagnoser } from './diagnoser.ts';
import type { OwnLevel } from './own-level.ts';
import { isOn, type OwnMedia } from './own-media.ts';
import { Participants, type Participant } from './participants.ts';
import type { PreferenceStore } from './preferences.ts';
import { QualityLog } from './quality-log.ts';
import type { CallRoom } from './sdk.ts';
import { isolated } from './shown-text.ts';
import { LEVEL_POLL_MS, Speaking } from './speaking.ts';
import type { TileKey } from './stage-layout.ts';
import { Store } from './store.ts';
import type { Toast, Toasts } from './toasts.ts';
import { WordChecks } from './word-checks.ts';

export type Panel = 'chat' | 'people' | 'invite' | 'connection';

/** What the person has opened and picked on the call's page. */
export interface CallView {
  readonly panel: Panel | undefined;
  /** The tile made large by hand. */
  readonly pinned: string | undefined;
  /** The card with the link, for as long as nobody came and nobody closed it. It never comes back. */
  readonly aloneCard: boolean;
  /** With whom words are being compared. */
  readonly comparing: PeerId | undefined;
  readonly roomSettings: boolean;
  /** The link has changed, and nobody has said yet that this is seen to. */
  readonly newLink: boolean;
  /** The person has read that this device does not keep up, and need not be told in this call again. */
  readonly knowsPressure: boolean;
}

/** What a call needs of the world around it. */
export interface CallHost {
  readonly nowMs: () => number;
  readonly makeId: () => string;
  /** Calls back again and again until the returned function is called. */
  readonly every: (periodMs: number, callback: () => void) => () => void;
  readonly keepAwake: () => () => void;
  readonly playTone: (name: 'joined' | 'left' | 'knock' | 'admitted') => void;
}

export interface CallDependencies {
  readonly room: CallRoom;
  readonly own: OwnMedia;
  readonly ownLevel: OwnLevel;
  readonly preferences: PreferenceStore;
  readonly toasts: Toasts;
  readonly host: CallHost;
  readonly name: string;
  /** Remembers the password that the host set, for coming back. */
  readonly keepPassword: (password: string | undefined) => void;
}

/** The id of one's own tile; others have their peer ids, which are longer. */
export const SELF_TILE = 'self';

export function screenTile(participantId: string): string {
  return `${participantId}/screen`;
}

/** The tiles of a call, in their order: shared screens, the others, oneself. */
export function tilesOf(participants: readonly Participant[]): readonly TileKey[] {
  const screens = participants.filter(({ tracks }) => tracks.screen !== undefined);
  return [
    ...screens.map(({ id }): TileKey => ({ id: screenTile(id), kind: 'screen' })),
    ...participants.map(({ id }): TileKey => ({ id, kind: 'person' })),
    { id: SELF_TILE, kind: 'self' },
  ];
}

/** How much of a message a toast shows. */
const PREVIEW_MAX_CHARACTERS = 90;

/** @returns undefined where it is this side that went */
function farewell({ name, state }: Participant): readonly [string, Toast['tone']] | undefined {
  switch (state.status === 'lost' ? state.reason : 'left') {
    case 'room-left':
      return undefined;
    case 'removed':
      return [`${isolated(name)} was removed`, 'info'];
    case 'not-genuine':
      return [
        `The connection with ${isolated(name)} led to somebody else, and was closed`,
        'warning',
      ];
    default:
      return [`${isolated(name)} left`, 'info'];
  }
}

/** Names that may fill a line of a toast. */
function preview({ author, text }: ChatEntry): string {
  const line = text.replace(/\s+/gu, ' ');
  const short =
    line.length > PREVIEW_MAX_CHARACTERS ? `${line.slice(0, PREVIEW_MAX_CHARACTERS)}…` : line;
  return author.kind === 'peer' ? `${isolated(author.name)}: ${isolated(short)}` : short;
}

/** One stay in a room: everything that its page shows, until it is disposed of. */
export class Call {
  readonly room: CallRoom;
  readonly own: OwnMedia;
  readonly ownLevel: OwnLevel;
  readonly name: string;
  readonly participants: Participants;
  readonly chat: ChatLog;
  readonly speaking = new Speaking();
  readonly output: AudioOutput;
  readonly connection: Store<RoomState>;
  /** Whether this device keeps up with the call. */
  readonly pressure: Store<RoomPressure>;
  /** Looks for what is wrong when someone cannot be reached, or when asked. */
  readonly diagnoser: Diagnoser;
  readonly qualities: QualityLog;
  readonly wordChecks: WordChecks;
  readonly admission: Admission;
  readonly link: Store<RoomLink>;
  readonly view = new Store<CallView>({
    panel: undefined,
    pinned: undefined,
    aloneCard: true,
    comparing: undefined,
    roomSettings: false,
    newLink: false,
    knowsPressure: false,
  });
  readonly handRaised = new Store(false);
  /** What stands in the chat's field, so that closing the panel loses nothing. */
  readonly draft = new Store('');
  /** How loud each of the others is here, 0 to 1; 1 for those not named. */
  readonly volumes = new Store<ReadonlyMap<string, number>>(new Map());
  readonly joinedAtMs: number;
  readonly #toasts: Toasts;
  readonly #keepPassword: CallDependencies['keepPassword'];
  readonly #teardown: (() => void)[] = [];

  constructor(dependencies: CallDependencies) {
    const { room, own, ownLevel, preferences, toasts, host, name } = dependencies;
    this.room = room;
    this.#toasts = toasts;
    this.#keepPassword = dependencies.keepPassword;
    this.own = own;
    this.ownLevel = ownLevel;
    this.name = name;
    this.joinedAtMs = host.nowMs();
    this.connection = new Store(room.state);
    this.pressure = new Store(room.pressure);
    this.qualities = new QualityLog(room, host.nowMs);
    this.wordChecks = new WordChecks(room, () =>
      toasts.show('This browser cannot remember that for your next call'),
    );
    this.link = new Store(room.link);
    this.admission = new Admission(room.admission, this.#admissionHooks(preferences, host));
    this.diagnoser = new Diagnoser((signal) => room.diagnose({ signal }));
    this.output = new AudioOutput(preferences.get().speakerId);
    const chime = (tone: 'joined' | 'left'): void => {
      if (preferences.get().chime) host.playTone(tone);
    };
    this.participants = new Participants(room, {
      joined: (participant) => {
        toasts.show(`${isolated(participant.name)} joined`);
        chime('joined');
      },
      left: (participant) => {
        const words = farewell(participant);
        if (words === undefined) return;
        toasts.show(...words);
        chime('left');
      },
    });
    this.chat = new ChatLog(room, {
      nowMs: host.nowMs,
      makeId: host.makeId,
      unseen: (entry) => toasts.show(preview(entry), 'info', 'chat'),
    });
    this.#closeCardOnceMet();
    this.#teardown.push(
      room.on('state', (state) => this.connection.set(state)),
      room.on('pressure', (pressure) => this.pressure.set(pressure)),
      host.every(LEVEL_POLL_MS, () => this.speaking.poll(this.#levels(), host.nowMs())),
      host.keepAwake(),
      this.#followSpeaker(preferences, toasts),
      this.participants.subscribe(() => this.#closeCardOnceMet()),
      () => this.participants.dispose(),
      () => this.chat.dispose(),
      () => this.diagnoser.stop(),
      () => this.qualities.dispose(),
      () => this.wordChecks.dispose(),
      () => this.admission.dispose(),
      own.subscribe(() => {
        if (!isOn(own.get().microphone)) toasts.dropTopic('mute-request');
      }),
    );
  }

  closeAloneCard(): void {
    this.view.update((view) => ({ ...view, aloneCard: false }));
  }

  setVolume(participantId: string, volume: number): void {
    this.volumes.update((volumes) => new Map(volumes).set(participantId, volume));
  }

  /** Opens a panel, or closes it where it is the open one. */
  togglePanel(panel: Panel): void {
    this.#showPanel(this.view.get().panel === panel ? undefined : panel);
  }

  /** Opens the panel that says what is wrong, and looks anew. */
  showConnection(): void {
    this.#showPanel('connection');
    this.diagnoser.run();
  }

  closePanel(): void {
    this.#showPanel(undefined);
  }

  /** Shows the words to compare with someone, or closes them. */
  compareWords(comparing: PeerId | undefined): void {
    if (comparing !== undefined) this.wordChecks.begin(comparing);
    this.view.update((view) => ({ ...view, comparing }));
  }

  showRoomSettings(roomSettings: boolean): void {
    this.view.update((view) => ({ ...view, roomSettings }));
  }

  dismissNewLink(): void {
    this.view.update((view) => ({ ...view, newLink: false }));
  }

  dismissPressure(): void {
    this.view.update((view) => ({ ...view, knowsPressure: true }));
  }

  togglePin(tileId: string): void {
    this.view.update((view) => ({
      ...view,
      pinned: view.pinned === tileId ? undefined : tileId,
    }));
  }

  /** @param position from 1, in the order of the tiles */
  pinAt(position: number): void {
    const tile = tilesOf(this.participants.get())[position - 1];
    if (tile !== undefined) this.togglePin(tile.id);
  }

  unpin(): void {
    this.view.update((view) => ({ ...view, pinned: undefined }));
  }

  toggleHand(): void {
    const raised = !this.handRaised.get();
    this.handRaised.set(raised);
    this.room.setPresence(raised ? { name: this.name, hand: true } : { name: this.name });
  }

  dispose(): void {
    for (const end of this.#teardown.splice(0)) end();
  }

  #admissionHooks(preferences: PreferenceStore, host: CallHost): AdmissionHooks {
    const toasts = this.#toasts;
    return {
      knocked: () => {
        if (preferences.get().knockSound) host.playTone('knock');
      },
      becameHost: () => toasts.show('You host this call now: you decide who may join'),
      moved: (link) => {
        this.link.set(link);
        this.view.update((view) => ({ ...view, newLink: true }));
      },
      askedToMute: (by, source) => {
        // The app asks for nothing else; other programs may.
        if (source !== 'microphone' || !isOn(this.own.get().microphone)) return;
        const name = this.participants.find(by)?.name ?? 'The host';
        toasts.ask(`${isolated(name)} asks you to mute`, 'mute-request', {
          label: 'Mute',
          run: () => {
            if (isOn(this.own.get().microphone)) void this.own.toggle('microphone');
          },
        });
      },
      passwordChanged: this.#keepPassword,
      failed: (text) => toasts.show(text, 'warning'),
    };
  }

  #closeCardOnceMet(): void {
    if (this.view.get().aloneCard && this.participants.get().length > 0) this.closeAloneCard();
  }

  #showPanel(panel: Panel | undefined): void {
    this.view.update((view) => ({ ...view, panel }));
    this.chat.setInView(panel === 'chat');
    if (panel === 'chat') this.#toasts.dropTopic('chat');
  }

  *#levels(): Iterable<{ id: string; level: () => number }> {
    yield { id: SELF_TILE, level: this.ownLevel.level };
    for (const { id, tracks } of this.participants.get()) {
      const { microphone } = tracks;
      if (microphone !== undefined) yield { id, level: () => microphone.level() };
    }
  }

  #followSpeaker(preferences: PreferenceStore, toasts: Toasts): () => void {
    let { speakerId } = preferences.get();
    return preferences.subscribe(() => {
      const next = preferences.get().speakerId;
      if (next === speakerId) return;
      speakerId = next;
      void this.output.setSpeaker(next).then((used) => {
        if (!used)
          toasts.show('That speaker can’t be used. The sound stays where it was.', 'warning');
      });
    });
  }
}
