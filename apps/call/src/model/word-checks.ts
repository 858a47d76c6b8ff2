import type { Peer, PeerId } from 'peerline';
import { errorCode } from './failures.ts';
import type { CallMessages, CallRoom } from './sdk.ts';
import { Store, type ReadableStore } from './store.ts';

/** How far the comparison of words with one person is. */
export type WordCheck =
  | { readonly status: 'making' }
  | { readonly status: 'shown'; readonly words: readonly string[] }
  | { readonly status: 'matched'; readonly words: readonly string[] }
  /** The words differed, or the other side did not keep to the rules; this stays. */
  | { readonly status: 'differed' };

export type WordChecksById = ReadonlyMap<PeerId, WordCheck>;

/** The words that were compared in this call, and what came of it, as long as each person is in it. */
export class WordChecks implements ReadableStore<WordChecksById> {
  readonly #room: CallRoom;
  readonly #store = new Store<WordChecksById>(new Map());
  readonly #stop: () => void;

  constructor(room: CallRoom) {
    this.#room = room;
    this.#stop = room.on('peerleft', ({ id }) => this.#set(id, undefined));
  }

  readonly get = (): WordChecksById => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  dispose(): void {
    this.#stop();
  }

  /** Makes the words, where they are not there yet. */
  begin(id: PeerId): void {
    const peer = this.#room.peers.get(id);
    if (peer === undefined || this.get().has(id)) return;
    this.#set(id, { status: 'making' });
    void this.#make(peer);
  }

  /** What the two people found. A difference is not taken back: it may be the truth. */
  decide(id: PeerId, matched: boolean): void {
    const check = this.get().get(id);
    if (check?.status !== 'shown') return;
    this.#set(id, matched ? { status: 'matched', words: check.words } : { status: 'differed' });
  }

  async #make(peer: Peer<CallMessages>): Promise<void> {
    let made: WordCheck | undefined;
    try {
      const { words } = await peer.verify();
      made = { status: 'shown', words };
    } catch (error) {
      // Anything else says nothing of the other side: who left, or what could not be loaded.
      made = errorCode(error) === 'not-verified' ? { status: 'differed' } : undefined;
    }
    if (this.get().has(peer.id)) this.#set(peer.id, made);
  }

  #set(id: PeerId, check: WordCheck | undefined): void {
    this.#store.update((checks) => {
      const changed = new Map(checks);
      if (check === undefined) changed.delete(id);
      else changed.set(id, check);
      return changed;
    });
  }
}
