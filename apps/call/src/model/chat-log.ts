import type { PeerId } from 'peerline';
import { nameFromPresence } from './names.ts';
import type { CallRoom, ChatPayload } from './sdk.ts';
import { cleanLetter } from './shown-text.ts';
import { isRecord } from './storage.ts';
import { Store, type ReadableStore } from './store.ts';

/** A long letter; more is a document and better sent as one. */
export const CHAT_TEXT_MAX_CHARACTERS = 8_000;

/** What is kept on screen; older lines go, so that a day-long call does not grow without bound. */
export const CHAT_ENTRIES_MAX = 500;

export type ChatAuthor =
  | { readonly kind: 'self' }
  /** The name as it was when the message came: its sender may have left since. */
  | { readonly kind: 'peer'; readonly id: PeerId; readonly name: string };

export type ChatDelivery = 'sending' | 'sent' | 'failed';

export interface ChatEntry {
  readonly id: string;
  readonly author: ChatAuthor;
  readonly text: string;
  /** When it was written or came, by this clock, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly delivery: ChatDelivery;
}

export interface ChatView {
  readonly entries: readonly ChatEntry[];
  /** How many came while the chat was not in view. */
  readonly unread: number;
}

/** What a peer sent as chat; undefined where it is not that, or has nothing to see in it. */
export function parseChat(input: unknown): ChatPayload | undefined {
  if (!isRecord(input)) return undefined;
  const { id, text } = input;
  if (typeof id !== 'string' || id === '' || id.length > 64) return undefined;
  if (typeof text !== 'string') return undefined;
  const clean = cleanLetter(text.slice(0, CHAT_TEXT_MAX_CHARACTERS));
  return clean === '' ? undefined : { id, text: clean };
}

export interface ChatDependencies {
  readonly nowMs: () => number;
  readonly makeId: () => string;
  /** A message came while the chat was not in view. */
  readonly unseen?: (entry: ChatEntry) => void;
}

/** The chat of one call: what was said, how far it got, what was not seen yet. */
export class ChatLog implements ReadableStore<ChatView> {
  readonly #room: CallRoom;
  readonly #dependencies: ChatDependencies;
  readonly #store = new Store<ChatView>({ entries: [], unread: 0 });
  readonly #ended = new AbortController();
  #inView = false;

  constructor(room: CallRoom, dependencies: ChatDependencies) {
    this.#room = room;
    this.#dependencies = dependencies;
    const { signal } = this.#ended;
    room.on(
      'message',
      (message) => {
        if (message.type !== 'chat') return;
        const chat = parseChat(message.payload);
        if (chat === undefined) return;
        const { id, presence } = message.from;
        this.#take(chat, { kind: 'peer', id, name: nameFromPresence(presence) });
      },
      { signal },
    );
  }

  readonly get = (): ChatView => this.#store.get();

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** Whether the person sees the log; while so, nothing is unread. */
  setInView(inView: boolean): void {
    this.#inView = inView;
    if (inView) this.#store.update((view) => (view.unread === 0 ? view : { ...view, unread: 0 }));
  }

  /** @returns whether there was anything to send */
  send(text: string): boolean {
    // As the others will see it.
    const clean = cleanLetter(text.slice(0, CHAT_TEXT_MAX_CHARACTERS));
    if (clean === '') return false;
    const entry: ChatEntry = {
      id: this.#dependencies.makeId(),
      author: { kind: 'self' },
      text: clean,
      atMs: this.#dependencies.nowMs(),
      delivery: 'sending',
    };
    this.#append(entry, 0);
    void this.#deliver(entry);
    return true;
  }

  /** Sends a message again that did not get through. */
  retry(id: string): void {
    const entry = this.get().entries.find((known) => known.id === id);
    if (entry?.author.kind !== 'self' || entry.delivery !== 'failed') return;
    this.#mark(id, 'sending');
    void this.#deliver(entry);
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #deliver({ id, text }: ChatEntry): Promise<void> {
    try {
      await this.#room.send('chat', { id, text }, { signal: this.#ended.signal });
      this.#mark(id, 'sent');
    } catch {
      this.#mark(id, 'failed');
    }
  }

  #take(chat: ChatPayload, author: Extract<ChatAuthor, { kind: 'peer' }>): void {
    const id = `${author.id}/${chat.id}`;
    // Sent again because its sender could not know that it had arrived.
    if (this.get().entries.some((known) => known.id === id)) return;
    const entry: ChatEntry = {
      id,
      author,
      text: chat.text,
      atMs: this.#dependencies.nowMs(),
      delivery: 'sent',
    };
    this.#append(entry, this.#inView ? 0 : 1);
    if (!this.#inView) this.#dependencies.unseen?.(entry);
  }

  #append(entry: ChatEntry, unread: number): void {
    this.#store.update((view) => ({
      entries: [...view.entries, entry].slice(-CHAT_ENTRIES_MAX),
      unread: view.unread + unread,
    }));
  }

  #mark(id: string, delivery: ChatDelivery): void {
    this.#store.update((view) => ({
      ...view,
      entries: view.entries.map((entry) => (entry.id === id ? { ...entry, delivery } : entry)),
    }));
  }
}

/** Lines of one author within this time stand under one name, as in a letter. */
const GROUP_WINDOW_MS = 2 * 60_000;

export interface ChatGroup {
  readonly key: string;
  readonly author: ChatAuthor;
  readonly atMs: number;
  readonly entries: readonly [ChatEntry, ...ChatEntry[]];
}

function sameAuthor(a: ChatAuthor, b: ChatAuthor): boolean {
  if (a.kind === 'self' || b.kind === 'self') return a.kind === b.kind;
  return a.id === b.id && a.name === b.name;
}

export function groupEntries(entries: readonly ChatEntry[]): readonly ChatGroup[] {
  const groups: ChatGroup[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const near =
      last !== undefined &&
      sameAuthor(last.author, entry.author) &&
      entry.atMs - last.atMs < GROUP_WINDOW_MS;
    if (near) groups[groups.length - 1] = { ...last, entries: [...last.entries, entry] };
    else groups.push({ key: entry.id, author: entry.author, atMs: entry.atMs, entries: [entry] });
  }
  return groups;
}
