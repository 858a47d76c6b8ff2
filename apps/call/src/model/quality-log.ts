import type { Peer, PeerId, PeerQuality } from 'peerline';
import type { CallMessages, CallRoom } from './sdk.ts';
import { Store, type ReadableStore } from './store.ts';

/** How a connection did at a moment. */
export interface QualitySample extends Pick<PeerQuality, 'rttMs' | 'loss'> {
  readonly atMs: number;
}

export type QualitySamples = ReadonlyMap<PeerId, readonly QualitySample[]>;

/** Long enough to see when something began; a sample comes every two seconds. */
export const QUALITY_KEPT_MS = 120_000;

/** How the connection with each of those present did of late. */
export class QualityLog implements ReadableStore<QualitySamples> {
  readonly #samples = new Store<QualitySamples>(new Map());
  readonly #ended = new AbortController();
  readonly #nowMs: () => number;

  constructor(room: CallRoom, nowMs: () => number) {
    this.#nowMs = nowMs;
    const { signal } = this.#ended;
    room.on('peer', (peer) => this.#follow(peer, signal), { signal });
    room.on('peerleft', ({ id }) => this.#forget(id), { signal });
  }

  readonly get = (): QualitySamples => this.#samples.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#samples.subscribe(listener);

  dispose(): void {
    this.#ended.abort();
  }

  #follow(peer: Peer<CallMessages>, signal: AbortSignal): void {
    peer.on('quality', (quality) => this.#add(peer.id, quality), { signal });
  }

  #add(id: PeerId, { rttMs, loss }: PeerQuality): void {
    const atMs = this.#nowMs();
    this.#samples.update((all) => {
      const kept = (all.get(id) ?? []).filter((sample) => sample.atMs > atMs - QUALITY_KEPT_MS);
      return new Map(all).set(id, [...kept, { atMs, rttMs, loss }]);
    });
  }

  #forget(id: PeerId): void {
    this.#samples.update((all) => new Map([...all].filter(([other]) => other !== id)));
  }
}
