import type { Shown, View } from '@peerline/protocol';
import type { Clock } from '../base/clock.ts';

/** A window that is dragged larger passes many sizes; each costs the sender a key frame. */
const CHANGES_APART_MS = 500;

/** Layouts take a picture away for a moment, people look into another tab for one. */
const HIDDEN_AFTER_MS = 2_000;

export type ShownSource = keyof View;

const NOT_AT_ALL: Shown = { width: 0, height: 0 };

/** How large one peer's pictures are shown here, and telling the peer so (SPEC.md, VIEW1). */
export class OwnView {
  readonly #clock: Clock;
  readonly #tell: (view: View) => boolean;
  #view: View = {};
  #told = '';
  #toldAtMs = -Infinity;
  #cancelTelling: (() => void) | undefined;
  readonly #cancelHiding = new Map<ShownSource, () => void>();

  /** @param tell returns false where no channel is open; `opened` follows then */
  constructor(clock: Clock, tell: (view: View) => boolean) {
    this.#clock = clock;
    this.#tell = tell;
  }

  isHidden(source: ShownSource): boolean {
    return this.#view[source]?.height === 0;
  }

  /** @param shown undefined where nobody knows, as of a picture that no element shows */
  show(source: ShownSource, shown: Shown | undefined): void {
    this.#cancelHiding.get(source)?.();
    this.#cancelHiding.delete(source);
    if (shown !== undefined && (shown.width === 0 || shown.height === 0)) {
      const cancel = this.#clock.setTimeout(() => this.#set(source, NOT_AT_ALL), HIDDEN_AFTER_MS);
      this.#cancelHiding.set(source, cancel);
      return;
    }
    this.#set(source, shown);
  }

  /** The channel opened: what was told over another one is told again. */
  opened(): void {
    this.#told = JSON.stringify({});
    this.#toldAtMs = -Infinity;
    this.#tellSoon();
  }

  close(): void {
    this.#cancelTelling?.();
    for (const cancel of this.#cancelHiding.values()) cancel();
    this.#cancelHiding.clear();
  }

  #set(source: ShownSource, shown: Shown | undefined): void {
    const wasHidden = this.isHidden(source);
    const { [source]: _, ...others } = this.#view;
    this.#view = shown === undefined ? others : { ...others, [source]: shown };
    // What is to be seen again should not wait.
    if (wasHidden) this.#toldAtMs = -Infinity;
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#cancelTelling?.();
    const waitMs = this.#toldAtMs + CHANGES_APART_MS - this.#clock.nowMs();
    if (waitMs > 0) this.#cancelTelling = this.#clock.setTimeout(() => this.#tellNow(), waitMs);
    else this.#tellNow();
  }

  #tellNow(): void {
    const text = JSON.stringify(this.#view);
    if (text === this.#told || !this.#tell(this.#view)) return;
    this.#told = text;
    this.#toldAtMs = this.#clock.nowMs();
  }
}
