import { PeerlineError } from 'peerline';
import { describe, expect, it } from 'vitest';
import {
  CHAT_ENTRIES_MAX,
  CHAT_TEXT_MAX_CHARACTERS,
  ChatLog,
  groupEntries,
  parseChat,
} from './chat-log.ts';
import { FakePeer, FakeRoom } from './testing/fake-room.ts';
import { until } from './testing/fake-session.ts';

function rig() {
  const room = new FakeRoom();
  const ann = room.enter(new FakePeer({ name: 'Ann' }));
  const unseen: string[] = [];
  const clock = { nowMs: 0 };
  let ids = 0;
  const chat = new ChatLog(room, {
    nowMs: () => clock.nowMs,
    makeId: () => String((ids += 1)),
    unseen: ({ text }) => unseen.push(text),
  });
  return { room, ann, chat, unseen, clock };
}

describe('the chat log', () => {
  it('sends what is written, and nothing where nothing is', async () => {
    const { room, chat } = rig();
    expect(chat.send('  \n ')).toBe(false);
    expect(chat.send(' Hello\nthere ')).toBe(true);
    expect(chat.get().entries[0]).toMatchObject({ text: 'Hello\nthere', delivery: 'sending' });
    await until(chat, ({ entries }) => entries[0]?.delivery === 'sent');
    expect(room.sent).toEqual([{ type: 'chat', payload: { id: '1', text: 'Hello\nthere' } }]);
  });

  it('marks what did not get through, and sends it again under the same id', async () => {
    const { room, chat } = rig();
    room.sendFailure = new PeerlineError('room-left', 'made up');
    chat.send('Hello');
    await until(chat, ({ entries }) => entries[0]?.delivery === 'failed');
    room.sendFailure = undefined;
    chat.retry('1');
    await until(chat, ({ entries }) => entries[0]?.delivery === 'sent');
    chat.retry('1');
    expect(room.sent).toEqual([{ type: 'chat', payload: { id: '1', text: 'Hello' } }]);
  });

  it('counts what comes while it is out of view', () => {
    const { room, ann, chat, unseen } = rig();
    room.say(ann, { id: 'a', text: 'one' });
    room.say(ann, { id: 'b', text: 'two' });
    expect(chat.get().unread).toBe(2);
    chat.setInView(true);
    room.say(ann, { id: 'c', text: 'three' });
    expect(chat.get().unread).toBe(0);
    expect(unseen).toEqual(['one', 'two']);
  });

  it('shows a message once that came twice', () => {
    const { room, ann, chat } = rig();
    room.say(ann, { id: 'a', text: 'one' });
    room.say(ann, { id: 'a', text: 'one' });
    expect(chat.get().entries).toHaveLength(1);
  });

  it('does not take one peer’s message for that of another with the same id', () => {
    const { room, ann, chat } = rig();
    const bo = room.enter(new FakePeer({ name: 'Bo' }));
    room.say(ann, { id: 'a', text: 'one' });
    room.say(bo, { id: 'a', text: 'two' });
    expect(chat.get().entries.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('keeps the newest entries only', () => {
    const { room, ann, chat } = rig();
    for (let i = 0; i <= CHAT_ENTRIES_MAX; i += 1) room.say(ann, { id: `m${i}`, text: `${i}` });
    expect(chat.get().entries).toHaveLength(CHAT_ENTRIES_MAX);
    expect(chat.get().entries[0]?.text).toBe('1');
  });
});

describe('parseChat', () => {
  it.each([
    null,
    'text',
    [],
    {},
    { id: 'a' },
    { id: 1, text: 'x' },
    { id: '', text: 'x' },
    { id: 'a', text: ' ' },
    { id: 'a', text: '\u200b\u202e\u3164' },
    { id: 'x'.repeat(65), text: 'x' },
  ])('refuses %j', (input) => {
    expect(parseChat(input)).toBeUndefined();
  });

  it('cleans what others must not do to the text around theirs', () => {
    const text = '\u202ex\u0301\u0302\u0303\u0304\u0305\u0000';
    expect(parseChat({ id: 'a', text })?.text).toBe('x\u0301\u0302\u0303\u0304');
  });

  it('cuts what is too long, and takes over nothing unknown', () => {
    const long = 'x'.repeat(CHAT_TEXT_MAX_CHARACTERS + 1);
    expect(parseChat({ id: 'a', text: long, html: '<b>' })).toEqual({
      id: 'a',
      text: long.slice(1),
    });
  });
});

describe('groupEntries', () => {
  it('puts lines of one author together that were said in one go', () => {
    const { room, ann, chat, clock } = rig();
    room.say(ann, { id: 'a', text: 'one' });
    clock.nowMs = 60_000;
    room.say(ann, { id: 'b', text: 'two' });
    chat.send('mine');
    clock.nowMs = 600_000;
    room.say(ann, { id: 'c', text: 'later' });
    const groups = groupEntries(chat.get().entries);
    expect(groups.map(({ entries }) => entries.map(({ text }) => text))).toEqual([
      ['one', 'two'],
      ['mine'],
      ['later'],
    ]);
  });
});
