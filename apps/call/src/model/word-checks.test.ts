import { PeerlineError } from 'peerline';
import { describe, expect, it } from 'vitest';
import { FakePeer, FakeRoom } from './testing/fake-room.ts';
import { WordChecks } from './word-checks.ts';

function rig() {
  const room = new FakeRoom();
  const ann = room.enter(new FakePeer({ name: 'Ann' }));
  const checks = new WordChecks(room);
  return { room, ann, checks, of: () => checks.get().get(ann.id) };
}

/** The words of the fake come in a later turn. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('comparing words', () => {
  it('makes the words once, and keeps what was found', async () => {
    const { ann, checks, of } = rig();
    expect(of()).toBeUndefined();
    checks.begin(ann.id);
    expect(of()).toEqual({ status: 'making' });
    await turn();
    expect(of()).toMatchObject({ status: 'shown' });
    checks.decide(ann.id, true);
    checks.begin(ann.id);
    expect(of()).toMatchObject({ status: 'matched' });
    checks.decide(ann.id, false);
    expect(of()).toMatchObject({ status: 'matched' });
  });

  it('does not take a difference back', async () => {
    const { ann, checks, of } = rig();
    checks.begin(ann.id);
    await turn();
    checks.decide(ann.id, false);
    checks.decide(ann.id, true);
    checks.begin(ann.id);
    expect(of()).toEqual({ status: 'differed' });
  });

  it('takes one who breaks the rules for someone in between', async () => {
    const { ann, checks, of } = rig();
    ann.verify = () => Promise.reject(new PeerlineError('not-verified', 'cheated'));
    checks.begin(ann.id);
    await turn();
    expect(of()).toEqual({ status: 'differed' });
  });

  it('says nothing of one with whom it did not come to that, and may be tried again', async () => {
    const { ann, checks, of } = rig();
    ann.verify = () => Promise.reject(new Error('Failed to fetch'));
    checks.begin(ann.id);
    await turn();
    expect(of()).toBeUndefined();
    ann.verify = () => Promise.resolve(ann.words);
    checks.begin(ann.id);
    await turn();
    expect(of()).toMatchObject({ status: 'shown' });
  });

  it('shows who is known from earlier calls at once, and may compare again', async () => {
    const { ann, checks, of } = rig();
    ann.prove({ status: 'verified', by: 'device', label: 'Ann', verifiedAtMs: 7 });
    expect(of()).toEqual({ status: 'known', label: 'Ann', verifiedAtMs: 7 });
    checks.begin(ann.id);
    expect(of()).toMatchObject({ status: 'known' });
    checks.beginAnew(ann.id);
    await turn();
    checks.decide(ann.id, true);
    await turn();
    expect(of()).toMatchObject({ status: 'matched' });
    expect(ann.verification).toMatchObject({ status: 'verified', by: 'words' });
  });

  it('shows who is on another device, or differed before, until words match', async () => {
    const { ann, checks, of } = rig();
    ann.prove({ status: 'changed', label: 'Ann', verifiedAtMs: 7 });
    expect(of()).toEqual({ status: 'changed', label: 'Ann' });
    ann.prove({ status: 'mismatch', deniedAtMs: 8 });
    expect(of()).toEqual({ status: 'differed-before' });
    ann.prove({ status: 'unknown' });
    expect(of()).toBeUndefined();
    ann.prove({ status: 'mismatch', deniedAtMs: 8 });
    checks.beginAnew(ann.id);
    await turn();
    checks.decide(ann.id, false);
    checks.beginAnew(ann.id);
    expect(of()).toEqual({ status: 'differed' });
  });

  it('knows those who are there already, and says when nothing is kept', async () => {
    const room = new FakeRoom();
    const ann = room.enter(new FakePeer({ name: 'Ann' }));
    ann.verification = { status: 'changed', label: 'Ann', verifiedAtMs: 7 };
    ann.remembered = false;
    let forgetful = 0;
    const checks = new WordChecks(room, () => (forgetful += 1));
    expect(checks.get().get(ann.id)).toEqual({ status: 'changed', label: 'Ann' });
    checks.beginAnew(ann.id);
    await turn();
    checks.decide(ann.id, true);
    await turn();
    expect(forgetful).toBe(1);
    checks.dispose();
  });

  it('forgets who leaves, also while the words are being made', async () => {
    const { room, ann, checks, of } = rig();
    checks.begin(ann.id);
    room.exit(ann);
    await turn();
    expect(of()).toBeUndefined();
    checks.begin(ann.id);
    expect(of()).toBeUndefined();
  });
});
