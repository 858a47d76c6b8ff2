import type { Meter } from './meter.ts';
import type { OwnMedia } from './own-media.ts';

/** Loudness of one's own microphone, whichever track it has at the moment; 0 while off. */
export class OwnLevel {
  readonly #own: OwnMedia;
  readonly #open: (track: MediaStreamTrack) => Meter;
  readonly #stop: () => void;
  #metered: { readonly track: MediaStreamTrack; readonly meter: Meter } | undefined;

  constructor(own: OwnMedia, open: (track: MediaStreamTrack) => Meter) {
    this.#own = own;
    this.#open = open;
    this.#stop = own.subscribe(() => this.#follow());
    this.#follow();
  }

  readonly level = (): number => this.#metered?.meter.level() ?? 0;

  dispose(): void {
    this.#stop();
    this.#metered?.meter.close();
    this.#metered = undefined;
  }

  #follow(): void {
    const state = this.#own.get().microphone;
    const track = state.status === 'on' ? state.track : undefined;
    if (track === this.#metered?.track) return;
    this.#metered?.meter.close();
    this.#metered = track === undefined ? undefined : { track, meter: this.#open(track) };
  }
}
