import type { JoinRefusalCode, PeerId } from '@peerline/protocol';

/** `info`: good to know. `warning`: some calls will not connect. `problem`: something does not work here. */
export type Severity = 'ok' | 'info' | 'warning' | 'problem';

/** How a TURN server is talked to; behind it packets to peers are UDP in any case. */
export type TurnProtocol = 'udp' | 'tcp' | 'tls';

/** A port that an administrator has to let out. */
export interface WayOut {
  readonly protocol: 'UDP' | 'TCP';
  readonly host: string;
  readonly port: number;
}

/**
 * What probably keeps a peer from being reached, by what was seen:
 * - `away`: its page sleeps or its network is gone; it may come back.
 * - `no-signaling`: the server is out of reach, and nothing of the peer has come yet.
 * - `no-answer`: the server is there, and nothing of the peer has come yet.
 * - `own-network`: nothing gets out of this network, over UDP or a relay.
 * - `no-relay`: no direct way was found, and there is no TURN server that works from here.
 * - `their-network`: a relay works from here, so it is the peer's side that reaches none.
 */
export type LikelyCause =
  | 'away'
  | 'no-signaling'
  | 'no-answer'
  | 'own-network'
  | 'no-relay'
  | 'their-network';

/** What was measured, by code. */
export type Finding =
  /** The program has no WebRTC. */
  | { readonly code: 'webrtc-missing' }
  /** The page is not secure, so that it has no cryptography, camera or microphone. */
  | { readonly code: 'insecure-context' }
  /** `rttMs`: one question and its answer over the open connection; undefined where none came. */
  | { readonly code: 'server-reachable'; readonly url: string; readonly rttMs: number | undefined }
  /** `online`: whether the system says that there is a network; undefined where it does not say. */
  | {
      readonly code: 'server-unreachable';
      readonly url: string;
      readonly online: boolean | undefined;
    }
  | { readonly code: 'server-refused'; readonly url: string; readonly refusal: JoinRefusalCode }
  /** `url`: the STUN or TURN server that answered over UDP. */
  | { readonly code: 'udp-works'; readonly url: string }
  /** None of these answered over UDP. */
  | { readonly code: 'udp-blocked'; readonly urls: readonly string[] }
  /** Neither the server nor the program names a TURN server. */
  | { readonly code: 'no-turn' }
  | { readonly code: 'turn-works'; readonly url: string; readonly protocol: TurnProtocol }
  /** `iceError`: as the TURN server said it, 401 in most cases (RFC 8656 section 19). */
  | { readonly code: 'turn-refused'; readonly url: string; readonly iceError: number }
  /** `detail`: as the browser puts it, where it says anything. */
  | { readonly code: 'turn-unreachable'; readonly url: string; readonly detail: string | undefined }
  /** UDP does not get out, and over a relay calls connect all the same. */
  | { readonly code: 'relay-only-works'; readonly url: string; readonly protocol: TurnProtocol }
  /** Neither UDP nor any relay: no call will connect. `open`: what would help, any one of them. */
  | { readonly code: 'no-way-out'; readonly open: readonly WayOut[] }
  /** Not connected, `sinceMs` as in the peer's state. */
  | {
      readonly code: 'peer-unreachable';
      readonly peer: PeerId;
      readonly status: 'connecting' | 'recovering' | 'away';
      readonly sinceMs: number;
      readonly cause: LikelyCause;
    }
  /** Connected, over a TURN server. */
  | { readonly code: 'peer-relayed'; readonly peer: PeerId }
  | { readonly code: 'no-camera' }
  | { readonly code: 'no-microphone' }
  | { readonly code: 'camera-blocked' }
  | { readonly code: 'microphone-blocked' };

/** A finding, how bad it is, and in English what to do about it. */
export type Verdict = Finding & { readonly severity: Severity; readonly message: string };
export type VerdictCode = Verdict['code'];

/** What was found, and nothing that was not measured. */
export interface Diagnosis {
  readonly verdicts: readonly Verdict[];
  /** The worst severity among them. */
  readonly worst: Severity;
  /** When it was finished, as `Date.now()` has it. */
  readonly atMs: number;
  readonly durationMs: number;
}
