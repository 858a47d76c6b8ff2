import { describe, expect, it } from 'vitest';
import { AudioOutput, type PlayingElement } from './audio-output.ts';
import { Speaking } from './speaking.ts';
import { until } from './testing/fake-session.ts';

class FakeElement implements PlayingElement {
  volume = 1;
  sink = '';
  plays = 0;
  /** The name of the error that playing and routing end in. */
  failure: string | undefined;

  play(): Promise<void> {
    this.plays += 1;
    return this.#end();
  }

  setSinkId(id: string): Promise<void> {
    this.sink = id;
    return this.#end();
  }

  #end(): Promise<void> {
    if (this.failure === undefined) return Promise.resolve();
    return Promise.reject(Object.assign(new Error('made up'), { name: this.failure }));
  }
}

describe('audio output', () => {
  it('plays on the chosen speaker, now and later', async () => {
    const output = new AudioOutput('spk-1');
    const element = new FakeElement();
    output.add(element);
    expect([element.plays, element.sink]).toEqual([1, 'spk-1']);
    await expect(output.setSpeaker('spk-2')).resolves.toBe(true);
    expect(element.sink).toBe('spk-2');
  });

  it('says so when a speaker can’t be used', async () => {
    const output = new AudioOutput(undefined);
    const element = new FakeElement();
    output.add(element);
    element.failure = 'NotFoundError';
    await expect(output.setSpeaker('spk-2')).resolves.toBe(false);
  });

  it('knows when the browser holds the sound back, and plays all after a click', async () => {
    const output = new AudioOutput(undefined);
    const [one, two] = [new FakeElement(), new FakeElement()];
    one.failure = 'NotAllowedError';
    output.add(one);
    output.add(two);
    await until(output.blocked, Boolean);
    one.failure = undefined;
    await output.unblock();
    expect(output.blocked.get()).toBe(false);
    expect([one.plays, two.plays]).toEqual([2, 2]);
  });

  it('takes a play cut short by another track for no refusal', async () => {
    const output = new AudioOutput(undefined);
    const element = new FakeElement();
    element.failure = 'AbortError';
    output.add(element);
    await output.unblock();
    expect(output.blocked.get()).toBe(false);
  });

  it('has nothing to unblock once everyone is gone', async () => {
    const output = new AudioOutput(undefined);
    const element = new FakeElement();
    element.failure = 'NotAllowedError';
    const remove = output.add(element);
    await until(output.blocked, Boolean);
    remove();
    expect(output.blocked.get()).toBe(false);
  });
});

describe('speaking', () => {
  it('lasts through pauses between words, and ends after them', () => {
    const speaking = new Speaking();
    let loud = 0.5;
    const sources = [{ id: 'a', level: () => loud }];
    speaking.poll(sources, 0);
    expect([...speaking.get()]).toEqual(['a']);
    loud = 0;
    speaking.poll(sources, 500);
    expect([...speaking.get()]).toEqual(['a']);
    speaking.poll(sources, 1_500);
    expect([...speaking.get()]).toEqual([]);
  });

  it('tells only when who speaks changes, and forgets those who left', () => {
    const speaking = new Speaking();
    let told = 0;
    speaking.subscribe(() => (told += 1));
    const sources = [{ id: 'a', level: () => 1 }];
    for (let nowMs = 0; nowMs < 1_000; nowMs += 100) speaking.poll(sources, nowMs);
    expect(told).toBe(1);
    speaking.poll([], 1_000);
    expect([...speaking.get()]).toEqual([]);
  });
});
