/** What the SDK knows of who is at the other end, and keeps of it; a part of `api.ts`. */
import type { PeerId, RoomId } from '@peerline/protocol';

/** Times are in milliseconds since 1970, as `Date.now()` tells them. */
export type PeerVerification =
  /** Nothing speaks for the peer, and nothing against it. */
  | { readonly status: 'unknown' }
  /** The words matched: in this call (`by: 'words'`), or in an earlier one with the same device. */
  | {
      readonly status: 'verified';
      readonly by: 'words' | 'device';
      /** What the person was called when the words were compared. */
      readonly label: string;
      readonly verifiedAtMs: number;
    }
  /**
   * It calls itself as someone does whose device was verified, and is not on that device: another device
   * of that person, or somebody else. The words tell.
   */
  | { readonly status: 'changed'; readonly label: string; readonly verifiedAtMs: number }
  /** The words differed, or the other side broke the rules of comparing. */
  | { readonly status: 'mismatch'; readonly deniedAtMs: number };

export interface Verification {
  /** Four of them, lower-case English. */
  readonly words: readonly string[];
  /**
   * The person found them to be the same: `peer.verification` is `verified` from now on, and the device
   * is known again in later calls if its person does so too.
   *
   * @param label what to call the person later; `presence.name` unless told
   * @returns whether it was kept: not where the room was joined without `identities`, where they cannot
   *   be written, or where the words were found to differ before
   */
  readonly confirm: (label?: string) => Promise<{ readonly remembered: boolean }>;
  /**
   * The person found them to differ: `peer.verification` is `mismatch` from now on, and again whenever
   * somebody of that name is in that room, until words match. It is not taken back in this call.
   */
  readonly deny: () => Promise<{ readonly remembered: boolean }>;
}

/** A device whose person compared words with the one here. */
export interface VerifiedDevice {
  readonly kind: 'verified';
  /** Drawn by this device, and known to nobody else. */
  readonly id: string;
  readonly label: string;
  /** What the two devices know each other by (SPEC.md, IDENT1): HMAC-SHA-256, not extractable. */
  readonly key: CryptoKey;
  /** Whether the other side is known to have kept it too: then it can be missed. */
  readonly keptBy: 'this-side' | 'both';
  readonly verifiedAtMs: number;
  /** When it was in a call last. */
  readonly seenAtMs: number;
}

/** Somebody whose words differed. */
export interface DeniedPeer {
  readonly kind: 'denied';
  readonly id: string;
  readonly label: string;
  readonly room: RoomId;
  readonly peer: PeerId;
  readonly deniedAtMs: number;
}

export type Remembered = VerifiedDevice | DeniedPeer;

/**
 * Where a device keeps who was verified: `openIdentities()` of `peerline/identities` in a browser. Each may
 * reject; the call then goes on as without.
 */
export interface IdentityStore {
  all(): Promise<readonly Remembered[]>;
  /** In place of what has the same id. */
  put(remembered: Remembered): Promise<void>;
  /** One that is not there is no error. */
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

/** `not-genuine`: the connection led to another than was agreed on, and was closed for good. */
export type LostReason = 'left' | 'gone' | 'room-left' | 'not-genuine' | 'removed';
