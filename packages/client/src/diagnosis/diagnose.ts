import type { LocalMedia, MessageMap, Peer, RtcEnvironment } from '../api.ts';
import type { Clock } from '../base/clock.ts';
import { PeerlineError } from '../base/errors.ts';
import type { Signaling } from '../signaling/signaling.ts';
import { examineDevices } from './devices.ts';
import { examineNetwork } from './network.ts';
import { examinePeers } from './people.ts';
import { reachServer, type Reach } from './reach-server.ts';
import type { Diagnosis, Finding, Severity, Verdict } from './verdicts.ts';
import { verdictOf } from './words.ts';

/** What is to be looked at, and with what. */
export interface Subject<M extends MessageMap = MessageMap> {
  readonly url: string;
  /** Makes a connection of its own to the server. */
  readonly connect: (url: string) => Signaling;
  readonly clock: Clock;
  /** Undefined where there is no WebRTC. */
  readonly rtc: RtcEnvironment | undefined;
  /** Beside those that the server names. */
  readonly iceServers: readonly RTCIceServer[];
  readonly relayOnly: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Where a room was joined. */
  readonly room?: {
    /** All that its connections use, so that the server need not name them anew. */
    readonly iceServers: readonly RTCIceServer[];
    readonly peers: Iterable<Peer<M>>;
    readonly local: LocalMedia;
  };
}

/** How a program gets from a subject to its diagnosis: at once, or after loading this file. */
export type Diagnose = <M extends MessageMap>(subject: Subject<M>) => Promise<Diagnosis>;

/** Longer than connecting takes over any network that works well, TURN over TLS included. */
const PEER_LATE_AFTER_MS = 8_000;

const ORDER: readonly Severity[] = ['ok', 'info', 'warning', 'problem'];

/**
 * Says what works and what does not, in at most 8 s: 4 s for the server and 4 s for the rest.
 *
 * @throws PeerlineError `aborted`
 */
export async function diagnose<M extends MessageMap>(subject: Subject<M>): Promise<Diagnosis> {
  const { clock, room } = subject;
  const beganMs = clock.nowMs();
  const findings = await examine(subject);
  if (room !== undefined) findings.push(...(await examineDevices(room.local)));
  const nowMs = clock.nowMs();
  const verdicts = findings.map((finding) => judge(finding, findings, nowMs));
  const worst = verdicts.reduce<Severity>((most, { severity }) => worse(most, severity), 'ok');
  return { verdicts, worst, atMs: Date.now(), durationMs: nowMs - beganMs };
}

async function examine<M extends MessageMap>(subject: Subject<M>): Promise<Finding[]> {
  const { signal, rtc, room, clock, relayOnly } = subject;
  if (rtc === undefined) return [{ code: 'webrtc-missing' }];
  const ending = new AbortController();
  const abort = (): void => ending.abort(signal?.reason);
  if (signal?.aborted === true) throw PeerlineError.aborted(signal.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const options = { rtc, clock, relayOnly, signal: ending.signal };
  try {
    const reaching = reachServer({ ...subject, signal: ending.signal });
    const network =
      room === undefined
        ? reaching.then(({ iceServers = [] }) =>
            examineNetwork([...iceServers, ...subject.iceServers], options),
          )
        : examineNetwork(room.iceServers, options);
    const [reach, ways] = await Promise.all([reaching, network]);
    const findings = [reach.finding, ...believable(ways, reach)];
    if (room !== undefined) {
      const serverReached = reach.iceServers !== undefined;
      findings.push(...(await examinePeers(room.peers, { network: findings, serverReached })));
    }
    return findings;
  } catch (error) {
    if (error instanceof PeerlineError && error.code === 'insecure-context') {
      return [{ code: 'insecure-context' }];
    }
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    // Whatever still asks has nobody to tell.
    ending.abort();
  }
}

/**
 * Where nothing at all answers, that may be a cable pulled out: silence then says nothing about which
 * ways out are closed, nor a server that named none about TURN.
 */
function believable(ways: readonly Finding[], { iceServers }: Reach): readonly Finding[] {
  if (iceServers !== undefined || ways.some(({ code }) => code === 'turn-works')) return ways;
  return ways.filter(
    ({ code }) => code !== 'udp-blocked' && code !== 'no-way-out' && code !== 'no-turn',
  );
}

/** What is bad by itself is less so where something else makes up for it, or not yet for long. */
function judge(finding: Finding, findings: readonly Finding[], nowMs: number): Verdict {
  const found = (code: Finding['code']): boolean => findings.some((other) => other.code === code);
  switch (finding.code) {
    case 'udp-blocked':
    case 'turn-refused':
    case 'turn-unreachable':
      return verdictOf(finding, nowMs, found('turn-works') ? 'info' : undefined);
    // It is there, and asks for a token that is not risked on a room made up for this.
    case 'server-refused':
      return verdictOf(finding, nowMs, finding.refusal === 'not-authorized' ? 'info' : undefined);
    case 'peer-unreachable': {
      const late = nowMs - finding.sinceMs > PEER_LATE_AFTER_MS;
      return verdictOf(finding, nowMs, late ? undefined : 'info');
    }
    default:
      return verdictOf(finding, nowMs);
  }
}

function worse(one: Severity, other: Severity): Severity {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}
