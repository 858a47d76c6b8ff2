import type { Diagnosis } from 'peerline';
import { Store, type ReadableStore } from './store.ts';

/** Where looking for what is wrong stands. The last diagnosis stays while the next one is made. */
export interface DiagnoserView {
  readonly busy: boolean;
  readonly diagnosis: Diagnosis | undefined;
}

/** Makes diagnoses, one at a time, for whoever watches. */
export class Diagnoser implements ReadableStore<DiagnoserView> {
  readonly #store = new Store<DiagnoserView>({ busy: false, diagnosis: undefined });
  readonly #diagnose: (signal: AbortSignal) => Promise<Diagnosis>;
  #running: AbortController | undefined;

  constructor(diagnose: (signal: AbortSignal) => Promise<Diagnosis>) {
    this.#diagnose = diagnose;
  }

  readonly get = (): DiagnoserView => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** The first one; does nothing where there is one, or soon will be. */
  start(): void {
    if (this.get().diagnosis === undefined) this.run();
  }

  /** Another one; does nothing where one is being made. */
  run(): void {
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    this.#store.update((view) => ({ ...view, busy: true }));
    void this.#finish(running);
  }

  /** Gives up the one that is being made. */
  stop(): void {
    this.#running?.abort();
    this.#end(this.#running);
  }

  async #finish(running: AbortController): Promise<void> {
    try {
      const diagnosis = await this.#diagnose(running.signal);
      if (this.#running === running) this.#store.set({ busy: true, diagnosis });
    } catch {
      // Nothing to say is the same as not having looked.
    } finally {
      this.#end(running);
    }
  }

  #end(running: AbortController | undefined): void {
    if (running === undefined || this.#running !== running) return;
    this.#running = undefined;
    this.#store.update((view) => ({ ...view, busy: false }));
  }
}
