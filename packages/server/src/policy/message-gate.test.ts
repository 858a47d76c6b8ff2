import { describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { MessageGate } from './message-gate.ts';
import { SharedBudgets, type Share } from './shared-budgets.ts';

const WIDE = { burst: 1e6, perSecond: 1e6 };
const shareOf = (limits = WIDE, members = 2): Share =>
  new SharedBudgets(limits, members).open('room', 0);

describe('MessageGate', () => {
  it('RATE1 refuses with the time to wait, then disconnects who goes on regardless', () => {
    const gate = new MessageGate(
      { messages: { burst: 2, perSecond: 1 }, refusals: { burst: 2, perSecond: 1 } },
      shareOf(),
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
      shareOf(),
      0,
    );
    for (let ms = 0; ms < 100_000; ms += 500) expect(gate.judge(ms).kind).toBe('pass');
  });

  it('RATE2 refuses what is more than the room may, and says for how long', () => {
    const ofRoom = shareOf({ burst: 4, perSecond: 1 });
    const gate = new MessageGate({ messages: WIDE, refusals: WIDE }, ofRoom, 0);
    const verdicts = Array.from({ length: 4 }, () => gate.judge(0));
    // One of its own, and the two that the room has in common.
    expect(verdicts.map(({ kind }) => kind)).toEqual(['pass', 'pass', 'pass', 'refuse']);
    expect(verdicts[3]).toEqual({ kind: 'refuse', retryAfterMs: 2_000 });
  });

  it.each([2, 8, 16, 64])('RATE1 RATE2 never touch a mesh of %i that joins at once', (peers) => {
    const limits = defaultLimits(peers);
    const budgets = new SharedBudgets(limits.roomMessages, peers);
    for (let peer = 0; peer < peers; peer += 1) {
      const gate = new MessageGate(limits, budgets.open('room', 0), 0);
      // With every other peer, all in the same millisecond: an answer, ten batches of candidates and an
      // acknowledgement of each of the eleven signals of the other side.
      const messages = (peers - 1) * 22;
      const verdicts = Array.from({ length: messages }, () => gate.judge(0).kind);
      expect(verdicts.every((kind) => kind === 'pass')).toBe(true);
    }
  });
});
