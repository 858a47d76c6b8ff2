import { describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { MessageGate } from './message-gate.ts';

describe('MessageGate', () => {
  it('RATE1 refuses with the time to wait, then disconnects who goes on regardless', () => {
    const gate = new MessageGate(
      { messages: { burst: 2, perSecond: 1 }, refusals: { burst: 2, perSecond: 1 } },
      0,
    );
    const verdicts = Array.from({ length: 5 }, () => gate.judge(0));
    expect(verdicts).toEqual([
      { kind: 'pass' },
      { kind: 'pass' },
      { kind: 'refuse', retryAfterMs: 1_000 },
      { kind: 'refuse', retryAfterMs: 1_000 },
      { kind: 'disconnect', retryAfterMs: 1_000 },
    ]);
  });

  it('RATE1 lets who waits go on for ever', () => {
    const gate = new MessageGate(
      { messages: { burst: 1, perSecond: 2 }, refusals: { burst: 1, perSecond: 1 } },
      0,
    );
    for (let ms = 0; ms < 100_000; ms += 500) expect(gate.judge(ms).kind).toBe('pass');
  });

  it.each([2, 8, 16, 64])('RATE1 never touches a mesh of %i that joins at once', (peers) => {
    const gate = new MessageGate(defaultLimits(peers), 0);
    // With every other peer, all in the same millisecond: an answer, ten batches of candidates and an
    // acknowledgement of each of the eleven signals of the other side.
    const messages = (peers - 1) * 22;
    const verdicts = Array.from({ length: messages }, () => gate.judge(0).kind);
    expect(verdicts.every((kind) => kind === 'pass')).toBe(true);
  });
});
