import { IDENTITY_TAGS_MAX, type Control, type RoomId } from '@peerline/protocol';
import type {
  DeniedPeer,
  IdentityStore,
  PeerVerification,
  Remembered,
  VerifiedDevice,
} from '../api-verification.ts';
import type { Clock } from '../base/clock.ts';
import { toBase64Url } from '../link/base64url.ts';
import { agreeOnKey, tagOf, tagsFor } from './recognition.ts';
import type { End } from './word-exchange.ts';

/** Who keeps identities says its tags when the channel opens; who does not is not waited for any longer. */
const TAGS_MAX_MS = 5_000;

const ID_BYTES = 16;

export interface PairIdentityOptions {
  readonly room: RoomId;
  readonly own: End;
  readonly theirs: End;
  readonly isOfferer: boolean;
  /** HKDF key material that only the two have; the words vouch for it. */
  readonly secret: CryptoKey;
  readonly store: IdentityStore | undefined;
  readonly clock: Clock;
  /** What the other side calls itself now. */
  readonly label: () => string;
  /** @returns false where no channel is open */
  readonly send: (control: Extract<Control, { type: 'identity' }>) => boolean;
  readonly onState: (state: PeerVerification) => void;
}

/** What the person here found. */
type Finding =
  | { readonly kind: 'none' }
  | { readonly kind: 'matched'; readonly label: string; readonly atMs: number }
  | { readonly kind: 'differed'; readonly atMs: number };

/** Whom this device remembers the other end of one pair as, and what follows from that (SPEC.md, IDENT). */
export class PairIdentity {
  readonly #options: PairIdentityOptions;
  #finding: Finding = { kind: 'none' };
  /** The device as which the other end proved itself. */
  #device: VerifiedDevice | undefined;
  /** Kept of the words of this call, and whether it was the first time. */
  #fresh: VerifiedDevice | undefined;
  #theirKept: string | undefined;
  /** Whether all has come that may prove the other end to be known. */
  #hasTold = false;
  #cancelWait: (() => void) | undefined;
  #closed = false;
  #said: PeerVerification = { status: 'unknown' };
  /** One after another, since each reads the store and then writes it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PairIdentityOptions) {
    this.#options = options;
  }

  /** The pair's channel opened: says what makes this device known to whom it knows. */
  opened(): Promise<void> {
    return this.#inTurn(async () => {
      const { store, clock } = this.#options;
      if (store === undefined) return;
      this.#cancelWait ??= clock.setTimeout(() => {
        void this.#inTurn(() => this.#told());
      }, TAGS_MAX_MS);
      // Of more than that, those seen last.
      const devices = (await this.#all()).filter(isDevice).toSorted(bySeen);
      const keys = devices.slice(0, IDENTITY_TAGS_MAX).map(({ key }) => key);
      const tags = await tagsFor(keys, this.#options);
      this.#options.send({ type: 'identity', turn: { step: 'known', tags } });
      await this.#sayKept();
      await this.#judge();
    });
  }

  /** The other end calls itself something else. */
  renamed(): Promise<void> {
    return this.#inTurn(() => this.#judge());
  }

  take({ turn }: Extract<Control, { type: 'identity' }>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#options.store === undefined) return;
      if (turn.step === 'kept') {
        this.#theirKept = turn.tag;
        await this.#keepByBoth();
        return;
      }
      await this.#recognize(new Set(turn.tags));
      await this.#told();
    });
  }

  /** The words are the same. */
  confirm(label: string): Promise<boolean> {
    return this.#inTurn(async () => {
      // A difference is not taken back: it may have been the truth.
      if (this.#finding.kind === 'differed') return false;
      const atMs = Date.now();
      this.#finding = { kind: 'matched', label, atMs };
      await this.#judge();
      if (this.#options.store === undefined) return false;
      const device: VerifiedDevice = {
        kind: 'verified',
        // Who is known already stays who it is: the other side may not compare again.
        ...(this.#device ?? this.#fresh ?? (await this.#newDevice())),
        label,
        verifiedAtMs: atMs,
        seenAtMs: atMs,
      };
      if (!(await this.#put(device))) return false;
      if (this.#device === undefined) this.#fresh = device;
      else this.#device = device;
      for (const one of await this.#all()) if (this.#isAgainst(one)) await this.#remove(one);
      await this.#sayKept();
      await this.#keepByBoth();
      return true;
    });
  }

  /** The words differ, or the other side cheated. */
  deny(): Promise<boolean> {
    return this.#inTurn(async () => {
      const deniedAtMs = Date.now();
      if (this.#finding.kind !== 'differed') this.#finding = { kind: 'differed', atMs: deniedAtMs };
      await this.#judge();
      const { room, theirs, label } = this.#options;
      for (const device of [this.#device, this.#fresh]) if (device) await this.#remove(device);
      this.#device = undefined;
      this.#fresh = undefined;
      if ((await this.#all()).some((one) => this.#isAgainst(one))) return true;
      const { peer } = theirs;
      return this.#put({ kind: 'denied', id: newId(), label: label(), room, peer, deniedAtMs });
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelWait?.();
  }

  async #newDevice(): Promise<Pick<VerifiedDevice, 'id' | 'key' | 'keptBy'>> {
    const { secret, room, own, theirs, isOfferer } = this.#options;
    const key = await agreeOnKey(secret, room, isOfferer ? [own, theirs] : [theirs, own]);
    return { id: newId(), key, keptBy: 'this-side' };
  }

  async #recognize(tags: ReadonlySet<string>): Promise<void> {
    const { room, own, theirs } = this.#options;
    if (this.#fresh !== undefined) return;
    for (const device of (await this.#all()).filter(isDevice)) {
      if (!tags.has(await tagOf(device.key, 'known', room, [theirs, own]))) continue;
      this.#device = { ...device, keptBy: 'both', seenAtMs: Date.now() };
      await this.#put(this.#device);
      return;
    }
  }

  async #told(): Promise<void> {
    this.#cancelWait?.();
    this.#hasTold = true;
    await this.#judge();
  }

  async #sayKept(): Promise<void> {
    const { room, own, theirs, send } = this.#options;
    if (this.#fresh === undefined) return;
    const tag = await tagOf(this.#fresh.key, 'kept', room, [own, theirs]);
    send({ type: 'identity', turn: { step: 'kept', tag } });
  }

  async #keepByBoth(): Promise<void> {
    const { room, own, theirs } = this.#options;
    const fresh = this.#fresh;
    if (fresh === undefined || fresh.keptBy === 'both' || this.#theirKept === undefined) return;
    if (this.#theirKept !== (await tagOf(fresh.key, 'kept', room, [theirs, own]))) return;
    this.#fresh = { ...fresh, keptBy: 'both' };
    await this.#put(this.#fresh);
  }

  async #judge(): Promise<void> {
    const state = await this.#state();
    if (this.#closed || JSON.stringify(state) === JSON.stringify(this.#said)) return;
    this.#said = state;
    this.#options.onState(state);
  }

  async #state(): Promise<PeerVerification> {
    const finding = this.#finding;
    if (finding.kind === 'differed') return { status: 'mismatch', deniedAtMs: finding.atMs };
    if (finding.kind === 'matched') {
      const { label, atMs } = finding;
      return { status: 'verified', by: 'words', label, verifiedAtMs: atMs };
    }
    if (this.#device !== undefined) {
      const { label, verifiedAtMs } = this.#device;
      return { status: 'verified', by: 'device', label, verifiedAtMs };
    }
    const all = await this.#all();
    const against = all.find((one): one is DeniedPeer => this.#isAgainst(one));
    if (against !== undefined) return { status: 'mismatch', deniedAtMs: against.deniedAtMs };
    const name = folded(this.#options.label());
    const missed = all.filter(isDevice).toSorted(bySeen);
    const known = missed.find(({ label, keptBy }) => keptBy === 'both' && folded(label) === name);
    if (known === undefined || name === '' || !this.#hasTold) return { status: 'unknown' };
    return { status: 'changed', label: known.label, verifiedAtMs: known.verifiedAtMs };
  }

  #isAgainst(one: Remembered): one is DeniedPeer {
    const { room, theirs, label } = this.#options;
    if (one.kind !== 'denied' || one.room !== room) return false;
    return one.peer === theirs.peer || folded(one.label) === folded(label());
  }

  /** What cannot be read is nothing: the call goes on as without. */
  async #all(): Promise<readonly Remembered[]> {
    try {
      return (await this.#options.store?.all()) ?? [];
    } catch {
      return [];
    }
  }

  async #put(remembered: Remembered): Promise<boolean> {
    const { store } = this.#options;
    try {
      await store?.put(remembered);
      return store !== undefined;
    } catch {
      return false;
    }
  }

  async #remove({ id }: Remembered): Promise<void> {
    try {
      await this.#options.store?.remove(id);
    } catch {
      // It stays, and the newer finding beside it is the one that is shown.
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function isDevice(one: Remembered): one is VerifiedDevice {
  return one.kind === 'verified';
}

function bySeen(one: VerifiedDevice, other: VerifiedDevice): number {
  return other.seenAtMs - one.seenAtMs;
}

/** Names that look alike to a person are the same. */
function folded(label: string): string {
  return label.normalize('NFKC').trim().toLowerCase();
}

function newId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
