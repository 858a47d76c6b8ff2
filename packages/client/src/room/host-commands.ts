import type { Control, PeerId, RoomSettings, SettingsChange } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import { deriveDoorKey } from '../link/door-key.ts';
import { tellAll } from './moving.ts';
import { noServer, notHost } from './refusal-error.ts';
import type { Signaling } from '../signaling/signaling.ts';
import type { Whereabouts } from './whereabouts.ts';

/** The server answers within a round trip; a person who presses a button waits no longer than this. */
const ANSWER_MAX_MS = 5_000;

export interface HostCommandsOptions {
  readonly self: PeerId;
  /** As they are now. */
  readonly settings: RoomSettings;
  readonly signaling: Signaling;
  readonly clock: Clock;
  readonly whereabouts: Whereabouts;
  readonly peers: ReadonlyMap<PeerId, { control(control: Control): boolean }>;
}

/** What a host does by way of the server. Few are one and do any of it, so it is loaded then. */
export class HostCommands {
  readonly #options: HostCommandsOptions;

  constructor(options: HostCommandsOptions) {
    this.#options = options;
  }

  async setPassword(password: string | undefined): Promise<void> {
    const { whereabouts } = this.#options;
    if (password === undefined) {
      await this.change({ key: null });
      whereabouts.relocked(undefined, undefined);
      return;
    }
    const key = await deriveDoorKey(whereabouts.link, password);
    await this.change({ key });
    whereabouts.relocked(password, key);
  }

  async setCapacity(capacity: number): Promise<void> {
    const { capacityMax } = this.#options.settings;
    if (!Number.isInteger(capacity) || capacity < 2 || capacity > capacityMax) {
      const message = `a room takes 2 to ${capacityMax} peers, not ${capacity}`;
      throw new PeerlineError('bad-options', message);
    }
    await this.change({ capacity });
  }

  async remove(peer: PeerId): Promise<void> {
    const { whereabouts, peers, clock } = this.#options;
    if (!peers.has(peer)) throw PeerlineError.peerGone(peer);
    const others = new Set([...peers.keys()].filter((other) => other !== peer));
    const rekey = await whereabouts.leaveBehind(peer);
    void tellAll(clock, others, (other) => peers.get(other)?.control(rekey));
  }

  /** @returns once everyone is told */
  change(change: SettingsChange): Promise<void> {
    const { signaling, clock } = this.#options;
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
