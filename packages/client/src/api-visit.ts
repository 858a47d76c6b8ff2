import type { JoinOptions, MessageMap, Room } from './api.ts';
import type { TypedEvents } from './base/events.ts';

/**
 * As for `joinRoom`, but for what is said with `join`.
 */
export interface LobbyOptions<M extends MessageMap = MessageMap> extends Omit<
  JoinOptions<M>,
  'presence' | 'onWaiting' | 'signal'
> {
  /**
   * How far to go ahead. `peers`: connections with everyone inside stand when `join` is called, so that
   * pictures come with the next round trip. Those inside cannot be told to whom theirs lead, but they learn this
   * machine's addresses, as it learns theirs. `server`: the way to the server alone. By default `peers`, but
   * `server` with `relayOnly`.
   */
  readonly connect?: 'peers' | 'server';
}

/** What is known only when the person joins. */
export type VisitJoinOptions = Pick<JoinOptions, 'presence' | 'onWaiting' | 'signal' | 'password'>;

/** Where a visit stands. */
export type VisitState =
  /** On the way to the server, for the first time or again. */
  | { readonly status: 'connecting' }
  /** All is ready. `others`: how many are inside, as far as that may be known without being let in. */
  | { readonly status: 'ready'; readonly others: number }
  /** Over, refused, or given up after ten minutes. `join` still joins, as quickly as `joinRoom` does. */
  | { readonly status: 'ended' };

export interface VisitEvents {
  state: VisitState;
}

/** Someone in front of a room, whom nobody inside sees. */
export interface Visit<M extends MessageMap = MessageMap>
  extends TypedEvents<VisitEvents>, AsyncDisposable {
  readonly state: VisitState;
  /**
   * Comes in, once. Where the visit is of no use it joins as `joinRoom` does.
   *
   * @throws PeerlineError as `joinRoom` does; `room-left` behind `leave`
   */
  join(options?: VisitJoinOptions): Promise<Room<M>>;
  /** Goes away without having come in. */
  leave(): Promise<void>;
}
