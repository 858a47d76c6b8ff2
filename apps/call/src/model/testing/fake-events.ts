import type { PeerEvents } from 'peerline';

/** The listening half of the SDK's events. */
export interface ListenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly once?: boolean;
}

type Listeners<E> = { [K in keyof E]?: Set<(detail: E[K]) => void> };

/** Events for fakes, with the manners that the SDK promises; `replay` gives what is there already. */
export class FakeEvents<E = PeerEvents> {
  readonly #listeners: Listeners<E> = {};

  on<K extends keyof E & string>(
    type: K,
    listener: (detail: E[K]) => void,
    { signal, once = false }: ListenOptions = {},
  ): () => void {
    if (signal?.aborted === true) return () => undefined;
    const listeners = (this.#listeners[type] ??= new Set<(detail: E[K]) => void>());
    const heard = (detail: E[K]): void => {
      if (once) listeners.delete(heard);
      listener(detail);
    };
    listeners.add(heard);
    const off = (): void => void listeners.delete(heard);
    signal?.addEventListener('abort', off);
    for (const detail of this.replay(type)) heard(detail);
    return off;
  }

  emit<K extends keyof E & string>(type: K, detail: E[K]): void {
    for (const listener of [...(this.#listeners[type] ?? [])]) listener(detail);
  }

  /** How many listen, for tests of teardown. */
  listenerCount(): number {
    let count = 0;
    for (const type in this.#listeners) count += this.#listeners[type]?.size ?? 0;
    return count;
  }

  protected replay<K extends keyof E & string>(_type: K): readonly E[K][] {
    return [];
  }
}
