import type { JoinRefusalCode } from '@peerline/protocol';
import type { Finding, LikelyCause, Severity, Verdict, WayOut } from './verdicts.ts';

/** How bad each finding is by itself; what else was found may make some of them lighter. */
const SEVERITIES: { readonly [C in Finding['code']]: Severity } = {
  'webrtc-missing': 'problem',
  'insecure-context': 'problem',
  'server-reachable': 'ok',
  'server-unreachable': 'problem',
  'server-refused': 'problem',
  'udp-works': 'ok',
  'udp-blocked': 'warning',
  'no-turn': 'warning',
  'turn-works': 'ok',
  'turn-refused': 'warning',
  'turn-unreachable': 'warning',
  'relay-only-works': 'info',
  'no-way-out': 'problem',
  'peer-unreachable': 'problem',
  'peer-relayed': 'info',
  'no-camera': 'info',
  'no-microphone': 'info',
  'camera-blocked': 'warning',
  'microphone-blocked': 'warning',
};

/** @param severity instead of the finding's usual one */
export function verdictOf(
  finding: Finding,
  nowMs: number,
  severity = SEVERITIES[finding.code],
): Verdict {
  return { ...finding, severity, message: messageOf(finding, nowMs) };
}

function messageOf(finding: Finding, nowMs: number): string {
  switch (finding.code) {
    case 'webrtc-missing':
      return 'there is no WebRTC here; use a current browser, or pass `rtc` in a program';
    case 'insecure-context':
      return 'calls are for secure pages only; open this page over https:// or at localhost';
    case 'server-reachable':
      return finding.rttMs === undefined
        ? `the server at ${finding.url} lets clients in, but slowly`
        : `the server at ${finding.url} answers within ${Math.round(finding.rttMs)} ms`;
    case 'server-unreachable':
      return finding.online === false
        ? `this machine is offline, and ${finding.url} does not answer; connect to a network`
        : `the server at ${finding.url} does not answer; check the network, and that it runs there`;
    case 'server-refused':
      return `the server at ${finding.url} refused: ${REFUSALS[finding.refusal]}`;
    case 'udp-works':
      return `UDP gets through: ${finding.url} answers`;
    case 'udp-blocked':
      return `nothing comes back over UDP from ${finding.urls.join(', ')}; a network on the way blocks it`;
    case 'no-turn':
      return 'no TURN server is configured, so between some networks calls will not connect; start the server with --turn-url';
    case 'turn-works':
      return `the relay ${finding.url} works`;
    case 'turn-refused':
      return `the relay ${finding.url} refuses the credentials (${finding.iceError}); give it and the server the same secret`;
    case 'turn-unreachable': {
      const detail = finding.detail === undefined ? '' : ` (${finding.detail})`;
      return `the relay ${finding.url} does not answer${detail}; check that it runs, and that firewalls let it through`;
    }
    case 'relay-only-works':
      return `from this network calls work over the relay ${finding.url} only`;
    case 'no-way-out':
      return finding.open.length === 0
        ? 'neither UDP nor any relay gets out of this network; configure a TURN server that is reached over TCP'
        : `neither UDP nor any relay gets out of this network; let out one of ${finding.open.map(portOf).join(', ')}`;
    case 'peer-unreachable': {
      const seconds = Math.round((nowMs - finding.sinceMs) / 1_000);
      return `${finding.status} for ${seconds} s: ${CAUSES[finding.cause]}`;
    }
    case 'peer-relayed':
      return 'connected over a relay, a little slower';
    case 'no-camera':
      return 'no camera was found; plug one in to be seen';
    case 'no-microphone':
      return 'no microphone was found; plug one in to be heard';
    case 'camera-blocked':
      return 'the camera is blocked; allow it for this site in the browser and in the system';
    case 'microphone-blocked':
      return 'the microphone is blocked; allow it for this site in the browser and in the system';
  }
}

const REFUSALS: { readonly [C in JoinRefusalCode]: string } = {
  'bad-join': 'it does not understand this client; reload the page, or update the program',
  'not-authorized': 'it takes joins with a token only; get one from where the link came from',
  'version-unsupported': 'it speaks another version; reload the page, or update the program',
  'wrong-password': 'the room asks for another password',
  'room-locked': 'the room is locked',
  'room-moved': 'those inside have another link now',
  overtaken: 'a later connection of this client came first; try again',
  'bad-proof': 'it does not take this client’s proof; reload the page, or update the program',
  'room-full': 'it takes nobody more; try again later',
  'rate-limited': 'too many came from here at once; wait a moment',
  'shutting-down': 'it is being restarted; wait a moment',
  internal: 'something went wrong in it; its log says what',
};

const CAUSES: { readonly [C in LikelyCause]: string } = {
  away: 'its page sleeps or its network is gone; it connects again when it is back',
  'no-signaling': 'nothing came from it, and the server that would carry it is out of reach',
  'no-answer': 'nothing came from it yet; its page may sleep or be busy',
  'own-network': 'nothing gets out of this network',
  'no-relay': 'no direct way was found, and no relay (TURN) works from here',
  'their-network': 'no direct way was found, and the peer seems to reach no relay',
};

function portOf({ protocol, host, port }: WayOut): string {
  return `${protocol} ${port} to ${host}`;
}
