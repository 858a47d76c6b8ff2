import type { LocalMedia, Room, Source } from 'peerline';
import * as peerline from 'peerline';

export interface BetweenInput {
  readonly room: string;
  /** The two sides, and as whom he shows himself to each. */
  readonly towards: readonly {
    readonly url: string;
    readonly name: string;
  }[];
}

/** Local media whose tracks are someone else's. */
class HandedOn {
  readonly #tracks = new Map<Source, MediaStreamTrack>();
  readonly #base = peerline.createLocalMedia();
  readonly #listeners = new Set<(source: Source) => void>();

  get media(): LocalMedia {
    const { camera, microphone, screen, devices } = this.#base;
    const base = this.#base;
    return {
      camera,
      microphone,
      screen,
      devices,
      refreshDevices: () => base.refreshDevices(),
      track: (source) => this.#tracks.get(source),
      close: () => base.close(),
      on: (type, listener) => {
        const changed = (source: Source): void => {
          if (type === 'change') (listener as (detail: Source) => void)(source);
        };
        this.#listeners.add(changed);
        return () => this.#listeners.delete(changed);
      },
    };
  }

  take(source: Source, track: MediaStreamTrack): void {
    this.#tracks.set(source, track);
    for (const listener of this.#listeners) listener(source);
  }
}

/** Takes part in two rooms of one link, and shows in each whom he sees in the other. */
export async function standBetween({ room, towards }: BetweenInput): Promise<readonly Room[]> {
  const sides = await Promise.all(
    towards.map(async ({ url, name }) => {
      const local = new HandedOn();
      const joined = await peerline.joinRoom({
        url,
        room,
        presence: { name },
        local: local.media,
      });
      return { joined, local };
    }),
  );
  for (const [index, { joined }] of sides.entries()) {
    const other = sides[1 - index];
    joined.on('peer', (peer) => {
      peer.on('track', ({ source, track }) => other?.local.take(source, track));
    });
  }
  return sides.map(({ joined }) => joined);
}
