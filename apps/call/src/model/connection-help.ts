import type { Diagnosis, LikelyCause, PeerId, Severity, Verdict, WayOut } from 'peerline';

/** One line on how calls get out of here, and the next step where there is one to take. */
export interface ConnectionLine {
  readonly severity: Severity;
  readonly text: string;
  readonly step: string | undefined;
}

type Worded = readonly [text: string, step?: string];

/** What it means for calls that there is no relay to fall back on. */
const WITHOUT_RELAY = 'people on other networks may not be able to connect.';

/** What matters most comes first; the first one that was found is what the lobby says. */
const BY_WEIGHT = [
  'webrtc-missing',
  'insecure-context',
  'server-unreachable',
  'server-refused',
  'no-way-out',
  'relay-only-works',
  'turn-refused',
  'turn-unreachable',
  'no-turn',
] as const;

const RELAY_CODES: ReadonlySet<Verdict['code']> = new Set([
  'turn-refused',
  'turn-unreachable',
  'no-turn',
]);

/** What a diagnosis comes to, for the lobby. */
export function connectionLine({ verdicts }: Diagnosis): ConnectionLine {
  const found = BY_WEIGHT.flatMap((code) =>
    verdicts.filter((verdict) => verdict.code === code && isWorthSaying(verdict)),
  )[0];
  if (found === undefined) return { severity: 'ok', text: 'Connection ✓', step: undefined };
  const [text, step] = wordsOf(found, () => 'someone');
  const lacksRelay = RELAY_CODES.has(found.code);
  return {
    severity: found.severity,
    text: lacksRelay ? text.replace(/\.$/u, `: ${WITHOUT_RELAY}`) : text,
    step,
  };
}

/** A relay that fails beside another one that works is for the details only. */
function isWorthSaying({ code, severity }: Verdict): boolean {
  return severity !== 'info' || code === 'relay-only-works';
}

/** Each finding in a line, for the details. */
export function findingLines(
  { verdicts }: Diagnosis,
  nameOf: (peer: PeerId) => string = () => 'someone',
): readonly { readonly severity: Severity; readonly text: string }[] {
  return verdicts.map((verdict) => {
    const [text, step] = wordsOf(verdict, nameOf);
    const { severity } = verdict;
    // What something else makes up for asks for no step.
    const isBad = severity === 'warning' || severity === 'problem';
    return { severity, text: isBad && step !== undefined ? `${text} ${step}` : text };
  });
}

/** Why a person cannot be reached yet, as far as a diagnosis knows. */
export function unreachableText(
  name: string,
  id: PeerId,
  diagnosis: Diagnosis | undefined,
): { readonly title: string; readonly reason: string | undefined } {
  const title = `Can’t reach ${name} yet`;
  const verdict = diagnosis?.verdicts.find(
    (one) => one.code === 'peer-unreachable' && one.peer === id,
  );
  if (verdict?.code !== 'peer-unreachable') return { title, reason: undefined };
  return { title, reason: reasonOf(verdict.cause, name) };
}

function reasonOf(cause: LikelyCause, name: string): string {
  switch (cause) {
    case 'away':
      return `${name}’s page sleeps or is offline.`;
    case 'no-signaling':
      return 'The server that introduces you can’t be reached.';
    case 'no-answer':
      return `${name}’s page does not answer. It may be asleep.`;
    case 'own-network':
      return 'Your network blocks calls. Try another one.';
    case 'no-relay':
      return 'Networks like yours and theirs need a relay (TURN), and none works here.';
    case 'their-network':
      return `${name}’s network seems to block calls.`;
  }
}

function wordsOf(verdict: Verdict, nameOf: (peer: PeerId) => string): Worded {
  switch (verdict.code) {
    case 'webrtc-missing':
      return ['This browser can’t make calls.', 'Use a current Chrome, Edge, Firefox or Safari.'];
    case 'insecure-context':
      return ['Calls need a secure page.', 'Open this page with https://.'];
    case 'server-reachable':
      return [
        verdict.rttMs === undefined
          ? 'The server answers slowly.'
          : `The server answers within ${Math.max(1, Math.round(verdict.rttMs))} ms.`,
      ];
    case 'server-unreachable':
      return verdict.online === false
        ? ['You’re offline.', 'Connect to a network.']
        : ['The server can’t be reached.', 'Check your connection.'];
    case 'server-refused':
      if (verdict.refusal === 'not-authorized')
        return ['The server answers, and asks who you are.'];
      return verdict.refusal === 'version-unsupported'
        ? ['A newer version of this page is out.', 'Reload it.']
        : ['The server lets nobody in right now.', 'Wait a moment.'];
    case 'udp-works':
      return ['Direct connections (UDP) get out.'];
    case 'udp-blocked':
      return ['Direct connections (UDP) don’t get out.'];
    case 'no-turn':
      return ['This server has no relay (TURN).', 'Running it? Start it with --turn-url.'];
    case 'turn-works':
      return [`${relayOf(verdict.url)} works.`];
    case 'turn-refused':
      return [
        `${relayOf(verdict.url)} refuses this server’s credentials.`,
        'Running it? Give both the same secret.',
      ];
    case 'turn-unreachable':
      return [
        `${relayOf(verdict.url)} doesn’t answer.`,
        'Running it? Check that it is up and its ports are open.',
      ];
    case 'relay-only-works':
      return ['Your network blocks direct calls; a relay will be used.'];
    case 'no-way-out':
      return [
        'Your network blocks calls.',
        verdict.open.length === 0
          ? 'Try another network.'
          : `Try another network, or ask its administrator to open ${verdict.open.map(portOf).join(' or ')}.`,
      ];
    case 'peer-unreachable': {
      const name = nameOf(verdict.peer);
      if (verdict.status === 'recovering') return [`The connection to ${name} is being restored.`];
      if (verdict.status === 'away') return [`${name} is away.`];
      if (verdict.severity === 'info') return [`${name} is being connected.`];
      return [`Can’t reach ${name}.`, reasonOf(verdict.cause, name)];
    }
    case 'peer-relayed':
      return [`${nameOf(verdict.peer)} is connected over a relay.`];
    case 'no-camera':
      return ['No camera was found.'];
    case 'no-microphone':
      return ['No microphone was found.'];
    case 'camera-blocked':
      return ['Your browser is blocking the camera.', 'Allow it for this site.'];
    case 'microphone-blocked':
      return ['Your browser is blocking the microphone.', 'Allow it for this site.'];
  }
}

function relayOf(url: string): string {
  const [, secure = '', host = url, tcp] =
    /^turn(s?):(\[[^\]]+\]|[^:?]+).*?(transport=tcp)?$/i.exec(url) ?? [];
  const protocol = secure !== '' ? 'TLS' : tcp !== undefined ? 'TCP' : 'UDP';
  return `The relay ${host} (${protocol})`;
}

function portOf({ protocol, host, port }: WayOut): string {
  return `${protocol} ${port} to ${host}`;
}
