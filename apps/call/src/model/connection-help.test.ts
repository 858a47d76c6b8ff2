import type { LikelyCause, PeerId } from 'peerline';
import { describe, expect, it } from 'vitest';
import { connectionLine, findingLines, unreachableText } from './connection-help.ts';
import { CHECKS, fakeDiagnosis, lateDiagnosis } from './testing/fake-diagnosis.ts';

const PEER = 'peer00000000000000001A' as PeerId;

describe('the lobby’s line', () => {
  it.each([
    ['fine', 'ok', 'Connection ✓', undefined],
    ['relay', 'info', 'Your network blocks direct calls; a relay will be used.', undefined],
    [
      'noturn',
      'warning',
      'This server has no relay (TURN): people on other networks may not be able to connect.',
      'Running it? Start it with --turn-url.',
    ],
    [
      'blocked',
      'problem',
      'Your network blocks calls.',
      'Try another network, or ask its administrator to open UDP 3478 to turn.example.org or TCP 443 to turn.example.org.',
    ],
    ['unreachable', 'problem', 'The server can’t be reached.', 'Check your connection.'],
    ['offline', 'problem', 'You’re offline.', 'Connect to a network.'],
  ] as const)('says what matters most: %s', (check, severity, text, step) => {
    expect(connectionLine(CHECKS[check])).toEqual({ severity, text, step });
  });

  it('tells an operator whose relay refuses what to set', () => {
    const { text, step } = connectionLine(CHECKS.refused);
    expect(text).toContain('turn.example.org (UDP) refuses this server’s credentials');
    expect(step).toContain('same secret');
  });

  it('keeps a relay that fails beside one that works for the details', () => {
    const url = 'turn:turn.example.org';
    const diagnosis = fakeDiagnosis(
      ['info', { code: 'turn-unreachable', url, detail: undefined }],
      ['ok', { code: 'turn-works', url: 'turns:turn.example.org', protocol: 'tls' }],
    );
    expect(connectionLine(diagnosis).severity).toBe('ok');
    expect(findingLines(diagnosis)).toHaveLength(2);
  });
});

describe('the details', () => {
  it('have a line of their own for everything that was found', () => {
    for (const diagnosis of Object.values(CHECKS)) {
      const texts = findingLines(diagnosis).map(({ text }) => text);
      expect(new Set(texts).size).toBe(diagnosis.verdicts.length);
      for (const text of texts) expect(text).toMatch(/^[A-Z].*\.$/u);
    }
  });

  it('name the people', () => {
    const [, , , late] = findingLines(lateDiagnosis(PEER), () => 'Ana');
    expect(late?.text).toMatch(/^Can’t reach Ana\. .*relay \(TURN\)/u);
  });
});

describe('a tile that waits', () => {
  it('says why as soon as it is known, and only of that person', () => {
    const title = 'Can’t reach Ana yet';
    expect(unreachableText('Ana', PEER, undefined)).toEqual({ title, reason: undefined });
    expect(unreachableText('Ana', PEER, CHECKS.noturn)).toEqual({ title, reason: undefined });
    expect(unreachableText('Ana', PEER, lateDiagnosis(PEER)).reason).toContain('relay (TURN)');
  });

  it('has different words for each likely cause', () => {
    const causes: readonly LikelyCause[] = [
      'away',
      'no-signaling',
      'no-answer',
      'own-network',
      'no-relay',
      'their-network',
    ];
    const reasons = causes.map((cause) => {
      const verdict = { peer: PEER, status: 'connecting', sinceMs: 0, cause } as const;
      const diagnosis = fakeDiagnosis(['problem', { code: 'peer-unreachable', ...verdict }]);
      return unreachableText('Ana', PEER, diagnosis).reason;
    });
    expect(new Set(reasons).size).toBe(causes.length);
  });
});
