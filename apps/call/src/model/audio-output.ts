import { Store, type ReadableStore } from './store.ts';

/** The part of a media element that playing needs. */
export interface PlayingElement {
  play(): Promise<void>;
  setSinkId?: (deviceId: string) => Promise<void>;
  volume: number;
}

/**
 * All elements that others are heard through: the chosen speaker for each, and whether the browser
 * holds the sound back until the person has clicked (its autoplay rule).
 */
export class AudioOutput {
  readonly #elements = new Set<PlayingElement>();
  readonly #blocked = new Store(false);
  #speakerId: string | undefined;

  constructor(speakerId: string | undefined) {
    this.#speakerId = speakerId;
  }

  /** Whether a click is needed before anyone is heard. */
  get blocked(): ReadableStore<boolean> {
    return this.#blocked;
  }

  /** Plays the element from now on; the returned function lets go of it. */
  add(element: PlayingElement): () => void {
    this.#elements.add(element);
    void this.#route(element);
    void this.#play(element);
    return () => {
      this.#elements.delete(element);
      if (this.#elements.size === 0) this.#blocked.set(false);
    };
  }

  /** Call it from a click: browsers then let all of them play. */
  async unblock(): Promise<void> {
    this.#blocked.set(false);
    await Promise.all([...this.#elements].map((element) => this.#play(element)));
  }

  /** @returns false where the browser could not use the speaker; sound stays where it was */
  async setSpeaker(deviceId: string | undefined): Promise<boolean> {
    this.#speakerId = deviceId;
    const routed = await Promise.all([...this.#elements].map((element) => this.#route(element)));
    return routed.every(Boolean);
  }

  async #route(element: PlayingElement): Promise<boolean> {
    if (this.#speakerId === undefined || element.setSinkId === undefined) return true;
    try {
      await element.setSinkId(this.#speakerId);
      return true;
    } catch {
      return false;
    }
  }

  async #play(element: PlayingElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      // Only a refusal counts: a play cut short by a new track is followed by another.
      const refused = error instanceof Error && error.name === 'NotAllowedError';
      if (refused && this.#elements.has(element)) this.#blocked.set(true);
    }
  }
}
