import type { Peer, PeerId, PeerQuality, PeerState, RemoteTrack, Source } from 'peerline';
import { nameFromPresence } from './names.ts';
import type { CallMessages, CallRoom } from './sdk.ts';
import { Store, type ReadableStore } from './store.ts';

/** Another person in the call, as of now. */
export interface Participant {
  readonly id: PeerId;
  readonly name: string;
  readonly state: PeerState;
  readonly handRaised: boolean;
  readonly quality: PeerQuality | undefined;
  readonly tracks: { readonly [S in Source]?: RemoteTrack };
}

export interface ParticipantHooks {
  joined?(participant: Participant): void;
  left?(participant: Participant): void;
}

function readParticipant(peer: Peer<CallMessages>): Participant {
  return {
    id: peer.id,
    name: nameFromPresence(peer.presence),
    state: peer.state,
    handRaised: peer.presence['hand'] === true,
    quality: peer.quality,
    tracks: Object.fromEntries(peer.tracks),
  };
}

/** Everyone else in the room, in the order in which they came. */
export class Participants implements ReadableStore<readonly Participant[]> {
  readonly #store = new Store<readonly Participant[]>([]);
  readonly #ended = new AbortController();
  readonly #leaving = new Map<PeerId, AbortController>();
  readonly #hooks: ParticipantHooks;

  constructor(room: CallRoom, hooks: ParticipantHooks = {}) {
    this.#hooks = hooks;
    const { signal } = this.#ended;
    // Those present are replayed; nobody is told that they came, since they were there before.
    let replaying = true;
    room.on('peer', (peer) => this.#add(peer, replaying), { signal });
    replaying = false;
    room.on('peerleft', (peer) => this.#remove(peer.id), { signal });
  }

  readonly get = (): readonly Participant[] => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  find(id: PeerId): Participant | undefined {
    return this.get().find((participant) => participant.id === id);
  }

  dispose(): void {
    this.#ended.abort();
    for (const leaving of this.#leaving.values()) leaving.abort();
    this.#leaving.clear();
  }

  #add(peer: Peer<CallMessages>, replayed: boolean): void {
    if (this.#leaving.has(peer.id)) return;
    const leaving = new AbortController();
    this.#leaving.set(peer.id, leaving);
    this.#store.update((all) => [...all, readParticipant(peer)]);
    const refresh = (): void => this.#refresh(peer);
    const { signal } = leaving;
    peer.on('state', refresh, { signal });
    peer.on('track', refresh, { signal });
    peer.on('trackended', refresh, { signal });
    peer.on('quality', refresh, { signal });
    peer.on('presence', refresh, { signal });
    if (!replayed) this.#announce(peer, signal);
  }

  /** Says that someone came once the name is known: it arrives with the connection. */
  #announce(peer: Peer<CallMessages>, signal: AbortSignal): void {
    const known = (): boolean => Object.hasOwn(peer.presence, 'name');
    const tell = (): void => this.#hooks.joined?.(readParticipant(peer));
    if (known()) {
      tell();
      return;
    }
    const told = new AbortController();
    const ends = AbortSignal.any([signal, told.signal]);
    const check = (): void => {
      if (!known() && peer.state.status !== 'connected') return;
      told.abort();
      tell();
    };
    peer.on('presence', check, { signal: ends });
    peer.on('state', check, { signal: ends });
  }

  #refresh(peer: Peer<CallMessages>): void {
    this.#store.update((all) =>
      all.map((known) => (known.id === peer.id ? readParticipant(peer) : known)),
    );
  }

  #remove(id: PeerId): void {
    const participant = this.find(id);
    this.#leaving.get(id)?.abort();
    this.#leaving.delete(id);
    if (participant === undefined) return;
    this.#store.update((all) => all.filter((known) => known.id !== id));
    this.#hooks.left?.(participant);
  }
}
