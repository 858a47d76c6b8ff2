import type { MediaState, Presence, PresenceUpdate, Source } from '@peerline/protocol';
import type { LocalMedia } from '../api.ts';
import { perSource } from '../media/per-source.ts';
import type { Share } from '../peer/remote-peer-options.ts';

/** What this side sends and tells of itself to those who are in (SPEC.md, MEDIA1, VISIT5). */
export class Shares {
  readonly #local: LocalMedia;
  #presence: PresenceUpdate;
  #mediaRevision = 1;

  constructor(local: LocalMedia, presence: Presence) {
    this.#local = local;
    this.#presence = { revision: 1, value: presence };
  }

  get presence(): Presence {
    return this.#presence.value;
  }

  revisePresence(value: Presence): PresenceUpdate {
    this.#presence = { revision: this.#presence.revision + 1, value };
    return this.#presence;
  }

  mediaChanged(): void {
    this.#mediaRevision += 1;
  }

  /** @param isIn whether the peer gets anything now */
  to(isIn: () => boolean): Share {
    const track = (source: Source): MediaStreamTrack | undefined =>
      isIn() ? this.#local.track(source) : undefined;
    return {
      track,
      media: (): MediaState => ({
        revision: isIn() ? this.#mediaRevision : 0,
        ...perSource((source) => track(source) !== undefined),
      }),
      presence: () => (isIn() ? this.#presence : { revision: 0, value: {} }),
    };
  }
}
