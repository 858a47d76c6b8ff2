import type { Peer, PeerId, PeerVerification } from 'peerline';
import { errorCode } from './failures.ts';
import { cleanName } from './names.ts';
import type { CallMessages, CallRoom } from './sdk.ts';
import { Store, type ReadableStore } from './store.ts';

/** What is known of one person: by words compared in this call, or in earlier ones. */
export type WordCheck =
  | { readonly status: 'making' }
  | { readonly status: 'shown'; readonly words: readonly string[] }
  | { readonly status: 'matched'; readonly words: readonly string[] }
  /** The device is one whose words matched before. */
  | { readonly status: 'known'; readonly label: string; readonly verifiedAtMs: number }
  /** Somebody of that name was verified, on another device than this. */
  | { readonly status: 'changed'; readonly label: string }
  /** The words differed in an earlier call in this room; they may be compared anew. */
  | { readonly status: 'differed-before' }
  /** The words differed, or the other side did not keep to the rules; this stays. */
  | { readonly status: 'differed' };

export type WordChecksById = ReadonlyMap<PeerId, WordCheck>;

/** Who is verified in this call, as long as each person is in it. */
export class WordChecks implements ReadableStore<WordChecksById> {
  readonly #room: CallRoom;
  readonly #onForgetful: () => void;
  readonly #store = new Store<WordChecksById>(new Map());
  readonly #ended = new AbortController();

  /** @param onForgetful what the person found is not kept for later calls */
  constructor(room: CallRoom, onForgetful: () => void = () => undefined) {
    this.#room = room;
    this.#onForgetful = onForgetful;
    const { signal } = this.#ended;
    room.on('peer', (peer) => this.#follow(peer), { signal });
    room.on('peerleft', ({ id }) => this.#set(id, undefined), { signal });
  }

  readonly get = (): WordChecksById => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  dispose(): void {
    this.#ended.abort();
  }

  /** Makes the words, where nothing is known yet. */
  begin(id: PeerId): void {
    if (!this.get().has(id)) this.beginAnew(id);
  }

  /** Makes the words, also for someone who was compared with in an earlier call. */
  beginAnew(id: PeerId): void {
    const peer = this.#room.peers.get(id);
    const status = this.get().get(id)?.status;
    // What this call's words came to is not taken back: it may be the truth.
    if (peer === undefined || status === 'differed' || status === 'matched') return;
    if (status === 'making' || status === 'shown') return;
    this.#set(id, { status: 'making' });
    void this.#make(peer);
  }

  /** What the two people found. */
  decide(id: PeerId, matched: boolean): void {
    const check = this.get().get(id);
    const peer = this.#room.peers.get(id);
    if (check?.status !== 'shown' || peer === undefined) return;
    this.#set(id, matched ? { status: 'matched', words: check.words } : { status: 'differed' });
    void this.#decide(peer, matched);
  }

  async #decide(peer: Peer<CallMessages>, matched: boolean): Promise<void> {
    const verification = await peer.verify();
    const { remembered } = await (matched ? verification.confirm() : verification.deny());
    if (!remembered && this.#room.peers.has(peer.id)) this.#onForgetful();
  }

  async #make(peer: Peer<CallMessages>): Promise<void> {
    let made: WordCheck | undefined;
    try {
      const { words } = await peer.verify();
      made = { status: 'shown', words };
    } catch (error) {
      // Anything else says nothing of the other side: who left, or what could not be loaded.
      made = errorCode(error) === 'not-verified' ? { status: 'differed' } : before(peer);
    }
    if (this.get().get(peer.id)?.status === 'making') this.#set(peer.id, made);
  }

  #follow(peer: Peer<CallMessages>): void {
    const { id } = peer;
    const follow = (): void => {
      const status = this.get().get(id)?.status;
      // The person is looking at the words, or has found what they are.
      const isBusy = status === 'making' || status === 'shown';
      if (!isBusy && status !== 'matched' && status !== 'differed') this.#set(id, before(peer));
    };
    peer.on('verification', follow, { signal: this.#ended.signal });
    follow();
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

/** What earlier calls say of someone. */
function before({
  verification,
}: {
  readonly verification: PeerVerification;
}): WordCheck | undefined {
  switch (verification.status) {
    case 'unknown':
      return undefined;
    case 'verified':
      return {
        status: 'known',
        label: cleanName(verification.label),
        verifiedAtMs: verification.verifiedAtMs,
      };
    case 'changed':
      return { status: 'changed', label: cleanName(verification.label) };
    case 'mismatch':
      return { status: 'differed-before' };
  }
}
