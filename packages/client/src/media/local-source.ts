import type { LocalSourceEvents, LocalSourceState } from '../api.ts';
import { PeerlineError } from '../base/errors.ts';
import { Emitter } from '../base/events.ts';

/** What a camera, a microphone and a screen have in common: a state, told to whoever listens. */
export abstract class LocalSource extends Emitter<LocalSourceEvents> {
  readonly #changed: () => void;
  #state: LocalSourceState = { status: 'off' };
  #closed = false;

  /** @param changed called behind each change of state */
  constructor(changed: () => void) {
    super();
    this.#changed = changed;
  }

  get state(): LocalSourceState {
    return this.#state;
  }

  abstract disable(): void;

  /** Off for good. */
  close(): void {
    this.#closed = true;
    this.disable();
  }

  protected checkOpen(): void {
    if (!this.#closed) return;
    throw new PeerlineError('media-failed', 'this LocalMedia was closed; create another one');
  }

  protected enter(state: LocalSourceState): void {
    const before = this.#state.status;
    this.#state = state;
    // These two hold nothing, so that one is like another.
    if (before === state.status && (before === 'off' || before === 'starting')) return;
    this.emit('state', state);
    this.#changed();
  }
}
