import type { ServerMessage } from '@peerline/protocol';

export type RoomChange = Extract<ServerMessage, { event: 'joined' | 'left' }>;

/** A hole in the versions that later changes do not fill means that one was lost on the way. */
const AHEAD_MAX = 256;

/**
 * Puts a room's changes in the order of their versions for one member, each once, from the version
 * of its snapshot on (SPEC.md, JOIN4). With one server they come in order; between several they may not.
 */
export class ChangeFeed {
  #version: number;
  readonly #ahead = new Map<number, RoomChange>();

  constructor(version: number) {
    this.#version = version;
  }

  /** @returns what may be handed on now, in order; `broken` when a change must have been lost */
  push(change: RoomChange): readonly RoomChange[] | 'broken' {
    const { version } = change.data;
    if (version <= this.#version) return [];
    this.#ahead.set(version, change);
    if (this.#ahead.size > AHEAD_MAX) return 'broken';
    const ready: RoomChange[] = [];
    for (;;) {
      const next = this.#ahead.get(this.#version + 1);
      if (next === undefined) return ready;
      this.#version += 1;
      this.#ahead.delete(this.#version);
      ready.push(next);
    }
  }
}
