import { parsePeerId, parseRoomId } from '@peerline/protocol';
import { describe, expect, test } from 'vitest';
import type { JoinToken } from '../api-access.ts';
import type { PeerlineError } from '../base/errors.ts';
import { wellFormed } from '../link/room-keys.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { TokenSource, type TokenSocket } from './token-source.ts';

const request = {
  room: wellFormed(parseRoomId('AAAAAAAAAAAAAAAAAAAAAA')),
  peer: wellFormed(parsePeerId('BBBBBBBBBBBBBBBBBBBBBA')),
};

/** What Socket.IO would do with the source, one connection after the other. */
class Rig implements TokenSocket {
  readonly clock = new FakeClock();
  readonly source: TokenSource;
  /** All that went out. */
  readonly sent: unknown[] = [];
  readonly failures: PeerlineError[] = [];
  readonly io = { engine: { readyState: 'open' } };
  auth: TokenSocket['auth'] = {};
  readonly #listeners = new Map<string, () => void>();
  #joins = 0;

  constructor(token: JoinToken) {
    this.source = new TokenSource(token, request, this.clock);
    this.source.serve(
      this,
      () => ({ attempt: (this.#joins += 1) }),
      (error) => this.failures.push(error),
    );
  }

  /** Another connection takes the place of the one before, and asks what to join with. */
  connect(): void {
    this.disconnect();
    this.io.engine = { readyState: 'open' };
    if (typeof this.auth !== 'function') throw new Error('no join');
    this.auth((join) => this.sent.push(join));
  }

  disconnect(): void {
    this.io.engine.readyState = 'closed';
  }

  on(event: string, listener: () => void): void {
    this.#listeners.set(event, listener);
  }

  emit(event: string, data: object): void {
    this.sent.push([event, data]);
  }

  hear(event: 'welcome' | 'token-expiring'): void {
    this.#listeners.get(event)?.();
  }
}

describe('a source of tokens', () => {
  test('TOKEN4 a function is asked for each connection, and told for what', async () => {
    const asked: unknown[] = [];
    const rig = new Rig((what) => {
      asked.push(what);
      return `t${asked.length}`;
    });
    for (let i = 0; i < 2; i += 1) {
      rig.connect();
      await settle();
    }
    expect(rig.sent).toEqual([
      { attempt: 1, token: 't1' },
      { attempt: 2, token: 't2' },
    ]);
    expect(asked).toEqual([request, request]);
  });

  test('TOKEN5 it is asked again when the server says so, a text is not', async () => {
    let asked = 0;
    const rig = new Rig(() => Promise.resolve(`t${(asked += 1)}`));
    rig.connect();
    await settle();
    rig.hear('token-expiring');
    await settle();
    expect(rig.sent.at(-1)).toEqual(['token', { token: 't2' }]);
    const fixed = new Rig('always');
    fixed.connect();
    await settle();
    fixed.hear('token-expiring');
    await settle();
    expect(fixed.sent).toEqual([{ attempt: 1, token: 'always' }]);
  });

  test('what comes too late goes over no other connection by itself, but is used by the next', async () => {
    const answers: ((token: string) => void)[] = [];
    const rig = new Rig(
      () =>
        new Promise<string>((resolve) => {
          answers.push(resolve);
        }),
    );
    rig.connect();
    rig.disconnect();
    rig.connect();
    rig.disconnect();
    expect(answers).toHaveLength(1);
    answers[0]?.('slow');
    await settle();
    expect(rig.sent).toEqual([]);
    rig.connect();
    await settle();
    expect(rig.sent).toEqual([{ attempt: 1, token: 'slow' }]);
    rig.connect();
    expect(answers).toHaveLength(2);
  });

  test('one that was kept for long is not used any more', async () => {
    let asked = 0;
    const rig = new Rig(() => `t${(asked += 1)}`);
    rig.connect();
    rig.disconnect();
    await settle();
    await rig.clock.advanceAsync(10_001);
    rig.connect();
    await settle();
    expect(rig.sent).toEqual([{ attempt: 1, token: 't2' }]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['throws', () => Promise.reject(new Error('401 from our backend')), /401 from our backend/],
    ['throws at once', () => fails('no network'), /no network/],
    ['gives nothing', () => undefined, /no text/],
    ['gives an empty text', () => '', /no text/],
  ])('a function that %s is told once, and asked again later', async (_, token, message) => {
    let works = false;
    const rig = new Rig(() => (works ? 'good' : token()) as string);
    rig.connect();
    rig.connect();
    await settle();
    expect(rig.failures).toHaveLength(1);
    expect(rig.failures[0]).toMatchObject({ code: 'token-failed' });
    expect(rig.failures[0]?.message).toMatch(message);
    expect(rig.sent).toEqual([]);
    works = true;
    rig.connect();
    await settle();
    expect(rig.sent).toEqual([{ attempt: 1, token: 'good' }]);
  });

  test('a function that does not answer is told after 10 s, over however many connections', async () => {
    const rig = new Rig(() => new Promise(() => undefined));
    for (let i = 0; i < 5; i += 1) {
      rig.connect();
      await rig.clock.advanceAsync(1_999);
      rig.disconnect();
    }
    expect(rig.failures).toEqual([]);
    await rig.clock.advanceAsync(10);
    expect(rig.failures.map(({ message }) => message)).toEqual([
      '`token` gave no token: it did not answer within 10 s',
    ]);
  });

  test('TOKEN3 one refusal of a fresh token may be bad luck, two in a row are not', () => {
    const rig = new Rig(() => 't');
    expect([rig.source.denied(), rig.source.denied()]).toEqual(['try again', 'give up']);
    rig.hear('welcome');
    expect(rig.source.denied()).toBe('try again');
    expect(new Rig('always').source.denied()).toBe('give up');
  });
});

function fails(message: string): never {
  throw new Error(message);
}
