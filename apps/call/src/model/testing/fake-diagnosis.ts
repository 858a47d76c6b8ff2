import type { Diagnosis, Finding, PeerId, Severity, Verdict } from 'peerline';

const ORDER: readonly Severity[] = ['ok', 'info', 'warning', 'problem'];

/** A diagnosis of these findings, each as bad as said. */
export function fakeDiagnosis(...found: readonly (readonly [Severity, Finding])[]): Diagnosis {
  const verdicts = found.map(([severity, finding]): Verdict => ({
    ...finding,
    severity,
    message: finding.code,
  }));
  const worst = ORDER.findLast((one) => verdicts.some(({ severity }) => severity === one)) ?? 'ok';
  return { verdicts, worst, atMs: 0, durationMs: 0 };
}

const url = 'https://calls.example.org';
const turn = 'turn:turn.example.org:3478?transport=udp';
const turns = 'turns:turn.example.org:443?transport=tcp';
const reachable = ['ok', { code: 'server-reachable', url, rttMs: 12 }] as const;
const udp = ['ok', { code: 'udp-works', url: 'stun:calls.example.org:3000' }] as const;
const blocked = { code: 'udp-blocked', urls: ['stun:calls.example.org:3000', turn] } as const;

/** What a connection check may come to. */
export const CHECKS = {
  fine: fakeDiagnosis(
    reachable,
    udp,
    ['ok', { code: 'turn-works', url: turn, protocol: 'udp' }],
    ['ok', { code: 'turn-works', url: turns, protocol: 'tls' }],
  ),
  noturn: fakeDiagnosis(reachable, udp, ['warning', { code: 'no-turn' }]),
  relay: fakeDiagnosis(
    reachable,
    ['info', blocked],
    ['info', { code: 'turn-unreachable', url: turn, detail: undefined }],
    ['ok', { code: 'turn-works', url: turns, protocol: 'tls' }],
    ['info', { code: 'relay-only-works', url: turns, protocol: 'tls' }],
  ),
  blocked: fakeDiagnosis(
    reachable,
    ['warning', blocked],
    ['warning', { code: 'turn-unreachable', url: turn, detail: undefined }],
    ['warning', { code: 'turn-unreachable', url: turns, detail: 'Failed to establish connection' }],
    [
      'problem',
      {
        code: 'no-way-out',
        open: [
          { protocol: 'UDP', host: 'turn.example.org', port: 3478 },
          { protocol: 'TCP', host: 'turn.example.org', port: 443 },
        ],
      },
    ],
  ),
  refused: fakeDiagnosis(reachable, udp, [
    'warning',
    { code: 'turn-refused', url: turn, iceError: 401 },
  ]),
  unreachable: fakeDiagnosis(['problem', { code: 'server-unreachable', url, online: true }]),
  offline: fakeDiagnosis(['problem', { code: 'server-unreachable', url, online: false }]),
} as const;

/** In a call with no TURN server, when someone cannot be reached. */
export function lateDiagnosis(peer: PeerId): Diagnosis {
  const late = { code: 'peer-unreachable', status: 'connecting', sinceMs: 0 } as const;
  return fakeDiagnosis(
    reachable,
    udp,
    ['warning', { code: 'no-turn' }],
    ['problem', { ...late, peer, cause: 'no-relay' }],
  );
}
