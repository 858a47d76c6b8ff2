import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog, type LogFields } from './log.ts';
import { RefusalLog } from './refusal-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function rig() {
  const told: { fields: LogFields; message: string }[] = [];
  const refusals = new RefusalLog({
    ...silentLog,
    info: (fields, message) => told.push({ fields, message }),
  });
  return { refusals, told };
}

describe('RefusalLog', () => {
  it('tells the first of a kind at once, and how many more there were after 10 s', () => {
    const { refusals, told } = rig();
    for (let n = 0; n < 5; n += 1) refusals.note('peer refused', 'bad-join', { socket: `s${n}` });
    refusals.note('peer refused', 'room-full');
    expect(told).toEqual([
      { fields: { reason: 'bad-join', socket: 's0' }, message: 'peer refused' },
      { fields: { reason: 'room-full' }, message: 'peer refused' },
    ]);
    vi.advanceTimersByTime(10_000);
    expect(told.slice(2)).toEqual([
      { fields: { reason: 'bad-join', more: 4 }, message: 'peer refused' },
    ]);
    refusals.note('peer refused', 'bad-join');
    expect(told).toHaveLength(4);
  });

  it('tells the rest when it is closed, and leaves no timer', () => {
    const { refusals, told } = rig();
    refusals.note('connection cut', 'no-join');
    refusals.note('connection cut', 'no-join');
    refusals.close();
    expect(told.at(-1)).toEqual({
      fields: { reason: 'no-join', more: 1 },
      message: 'connection cut',
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});
