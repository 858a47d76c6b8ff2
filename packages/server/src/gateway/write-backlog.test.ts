import { describe, expect, it } from 'vitest';
import { WriteBacklog, type Backlogged } from './write-backlog.ts';

const KIB = 1_024;

class Reader implements Backlogged {
  waiting = 0;
  cuts = 0;

  readonly waitingBytes = (): number => this.waiting;
  readonly cut = (): void => {
    this.cuts += 1;
  };
}

/** More is waiting for it. */
function add(backlog: WriteBacklog, reader: Reader, bytes: number): void {
  reader.waiting += bytes;
  backlog.grew(reader, reader.waiting);
}

describe('WriteBacklog', () => {
  it('SLOW1 cuts who has the most waiting once all together have too much', () => {
    const backlog = new WriteBacklog(300 * KIB);
    const [small, large, last] = [new Reader(), new Reader(), new Reader()];
    add(backlog, small, 80 * KIB);
    add(backlog, large, 200 * KIB);
    expect(large.cuts).toBe(0);
    add(backlog, last, 40 * KIB);
    expect([small.cuts, large.cuts, last.cuts]).toEqual([0, 1, 0]);
    expect(backlog.totalBytes).toBe(120 * KIB);
  });

  it('SLOW1 does not hold what has been written meanwhile against anyone', () => {
    const backlog = new WriteBacklog(300 * KIB);
    const [one, other] = [new Reader(), new Reader()];
    add(backlog, one, 200 * KIB);
    one.waiting = 0;
    add(backlog, other, 200 * KIB);
    expect([one.cuts, other.cuts]).toEqual([0, 0]);
    expect(backlog.totalBytes).toBe(200 * KIB);
  });

  it('counts nothing of what any connection has for a moment, and forgets who has gone', () => {
    const backlog = new WriteBacklog(300 * KIB);
    const [quick, gone] = [new Reader(), new Reader()];
    add(backlog, quick, 31 * KIB);
    expect(backlog.totalBytes).toBe(0);
    add(backlog, gone, 100 * KIB);
    backlog.forget(gone);
    backlog.forget(gone);
    expect(backlog.totalBytes).toBe(0);
  });
});
