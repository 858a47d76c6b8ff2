import { afterEach, describe, expect, test, vi, type Mock } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { ServerSearch } from './server-search.ts';

interface Question {
  readonly answer: () => void;
  readonly fail: () => void;
}

/** A server that answers when the test says so. */
function setUp(): {
  readonly clock: FakeClock;
  readonly search: ServerSearch;
  readonly questions: readonly Question[];
  readonly found: Mock<() => void>;
} {
  const questions: Question[] = [];
  vi.stubGlobal('fetch', (url: string, options: RequestInit) => {
    expect([url, options.method, options.cache]).toEqual(['memory:', 'HEAD', 'no-store']);
    return new Promise((resolve, reject) => {
      questions.push({ answer: () => resolve(undefined), fail: () => reject(new Error('no')) });
    });
  });
  const clock = new FakeClock();
  const found = vi.fn<() => void>();
  return { clock, search: new ServerSearch('memory:', clock, found), questions, found };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('ServerSearch', () => {
  test('asks anew though the questions before hang, and tells of the first answer at once', async () => {
    const { clock, search, questions, found } = setUp();
    search.start();
    await clock.advanceAsync(2_500);
    expect(questions.length).toBe(5);
    expect(found).not.toHaveBeenCalled();
    questions[3]?.answer();
    await clock.advanceAsync(1);
    expect(found).toHaveBeenCalledTimes(1);
  });

  test('what was asked before the answer says nothing new, and the next question waits', async () => {
    const { clock, search, questions, found } = setUp();
    search.start();
    await clock.advanceAsync(1_500);
    questions[0]?.fail();
    questions[1]?.answer();
    questions[2]?.answer();
    await clock.advanceAsync(3_500);
    expect(found).toHaveBeenCalledTimes(1);
    expect(questions.length).toBe(3);
    await clock.advanceAsync(1_000);
    expect(questions.length).toBeGreaterThan(3);
    questions.at(-1)?.answer();
    await clock.advanceAsync(1);
    expect(found).toHaveBeenCalledTimes(2);
  });

  test('nothing is asked or told once it is stopped', async () => {
    const { clock, search, questions, found } = setUp();
    search.start();
    search.start();
    await clock.advanceAsync(1_050);
    expect(questions.length).toBe(2);
    search.stop();
    questions[1]?.answer();
    await clock.advanceAsync(10_000);
    expect(questions.length).toBe(2);
    expect(found).not.toHaveBeenCalled();
  });
});
