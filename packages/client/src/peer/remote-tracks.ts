import { SOURCES, type MediaState, type Shown, type Source } from '@peerline/protocol';
import type { RemoteTrack, RtcEnvironment } from '../api.ts';
import { ReceivedTrack } from '../media/remote-track.ts';
import type { Layout } from './layout.ts';

export interface RemoteTracksOptions {
  readonly rtc: RtcEnvironment;
  readonly onTrack: (track: RemoteTrack) => void;
  readonly onEnded: (track: RemoteTrack) => void;
  /** How large elements show a picture; undefined where none ever did. */
  readonly onShown: (source: 'camera' | 'screen', shown: Shown | undefined) => void;
}

/** The tracks of a peer: there while the peer has the source on and a connection to carry it. */
export class RemoteTracks {
  readonly #options: RemoteTracksOptions;
  readonly #tracks = new Map<Source, RemoteTrack>();
  #layout: Layout = new Map();
  #media: MediaState | undefined;

  constructor(options: RemoteTracksOptions) {
    this.#options = options;
  }

  get current(): ReadonlyMap<Source, RemoteTrack> {
    return this.#tracks;
  }

  /** A generation's transceivers are known. */
  useLayout(layout: Layout): void {
    this.#layout = layout;
    this.#reconcile();
  }

  useMedia(media: MediaState): void {
    this.#media = media;
    this.#reconcile();
  }

  clear(): void {
    this.#media = undefined;
    this.#reconcile();
  }

  #reconcile(): void {
    const { MediaStream } = this.#options.rtc;
    for (const source of SOURCES) {
      const receiver =
        this.#media?.[source] === true ? this.#layout.get(source)?.receiver : undefined;
      const known = this.#tracks.get(source);
      if (known?.track === receiver?.track) continue;
      if (known !== undefined) {
        this.#tracks.delete(source);
        this.#options.onEnded(known);
        if (source === 'camera' || source === 'screen') this.#options.onShown(source, undefined);
      }
      if (receiver === undefined || MediaStream === undefined) continue;
      const track = new ReceivedTrack(source, receiver, new MediaStream([receiver.track]), {
        onShown: (shown) => {
          const isThere = this.#tracks.get(source) === track;
          if (isThere && (source === 'camera' || source === 'screen')) {
            this.#options.onShown(source, shown);
          }
        },
      });
      this.#tracks.set(source, track);
      this.#options.onTrack(track);
    }
  }
}
