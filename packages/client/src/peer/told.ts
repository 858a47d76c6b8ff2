import type { MediaState, PresenceUpdate } from '@peerline/protocol';
import { perSource } from '../media/per-source.ts';

/** What the other side told of itself. It comes by several ways, so the newest counts (SPEC.md, MEDIA1). */
export class Told {
  #presence: PresenceUpdate = { revision: 0, value: {} };
  #media: MediaState = { revision: 0, ...perSource(() => false) };

  get presence(): PresenceUpdate['value'] {
    return this.#presence.value;
  }

  get media(): MediaState {
    return this.#media;
  }

  /** @returns whether it is news */
  takePresence(presence: PresenceUpdate): boolean {
    if (presence.revision <= this.#presence.revision) return false;
    this.#presence = presence;
    return true;
  }

  /** @returns whether it is news */
  takeMedia(media: MediaState): boolean {
    if (media.revision <= this.#media.revision) return false;
    this.#media = media;
    return true;
  }

  /** The other side begins anew and counts from 1 again; until then what is known stays. */
  restart(): void {
    this.#presence = { ...this.#presence, revision: 0 };
    this.#media = { ...this.#media, revision: 0 };
  }
}
