import wrtc from '@roamhq/wrtc';
import { joinRoom, type Room } from 'peerline/core';
import { afterEach, expect, test } from 'vitest';
import { HOSTILE } from './hostile/corpus.ts';
import { findIntruders, misdeedsOf } from './hostile/witness.ts';
import { AppFixture } from './rig/app-fixture.ts';
import { joinFromLobby, newCall, openHome } from './rig/app.ts';
import { waitFor, type BrowserName, type BrowserTab } from './rig/tab.ts';

/** What a modified client may send: the app takes `chat`, and knows nothing of the others. */
type Messages = {
  chat: { id: string; text: string };
  file: { id: string; name: string; size: number };
  constructor: { name: string };
};

const { RTCPeerConnection, MediaStream } = wrtc;
const app = AppFixture.begin();
const { party } = app;
const rooms: Room<Messages>[] = [];
const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];

/** Whole corpora go over the wire and onto the screen, one by one. */
const CORPUS_MAX_MS = 240_000;

/** Twice this is below the 4 KB that a presence may have; the SDK drops more before anyone sees it. */
const NAME_MAX_BYTES = 1_800;

afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.leave()));
});

/** A program in the room that says whatever it likes. */
async function attack(link: string): Promise<Room<Messages>> {
  const room = await join(link, 'Mallory');
  rooms.push(room);
  return room;
}

async function join(link: string, name: string, signal?: AbortSignal): Promise<Room<Messages>> {
  return await joinRoom<Messages>({
    url: app.url,
    room: new URL(link).hash.slice(1),
    presence: { name },
    rtc: { RTCPeerConnection, MediaStream },
    ...(signal !== undefined && { signal }),
  });
}

/** @returns someone in a call of their own, and its link */
async function victim(browser: BrowserName, lobby?: (tab: BrowserTab) => Promise<void>) {
  const tab = await party.newTab(browser, { participant: 1 });
  await openHome(tab, app.url);
  const link = await newCall(tab);
  await lobby?.(tab);
  await joinFromLobby(tab, 'Ann');
  return { tab, link };
}

function nameOf(text: string): string {
  let name = text;
  while (Buffer.byteLength(JSON.stringify(name)) > NAME_MAX_BYTES) {
    name = name.slice(0, Math.floor(name.length / 2));
  }
  return name;
}

test('the corpus is large, and nothing in it stands twice', () => {
  expect(HOSTILE.length).toBeGreaterThan(150);
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
});

test.each(BROWSERS)(
  'hostile messages and names stay text in the chat of %s',
  async (browser) => {
    const { tab, link } = await victim(browser);
    await tab.click('button', 'Chat');
    const attacker = await attack(link);
    await tab.see('group', 'Mallory');
    for (const [index, text] of HOSTILE.entries()) {
      // In order with the message behind it, so each message is one of another name.
      attacker.setPresence({
        name: nameOf(text),
        hand: index % 2 === 0,
        [text.slice(0, 60)]: nameOf(text),
      });
      await attacker.send('chat', { id: `${index}`, text });
      await attacker.send('file', { id: text.slice(0, 60), name: text, size: -1 });
    }
    await attacker.send('constructor', { name: '__proto__' });
    await attacker.send('chat', { id: 'last', text: 'the **last** of all' });
    await waitFor(tab, 'the last message, and its mark', () =>
      [...document.querySelectorAll('[role="log"] strong')].some(
        (strong) => strong.parentElement?.textContent === 'the last of all',
      ),
    );
    await app.shot(tab, `hostile-chat-${browser}`);
    expect(await misdeedsOf(tab, app.url)).toEqual([]);
    const shown = await tab.evaluate(() => ({
      messages: document.querySelectorAll('.chat-text').length,
      names: new Set([...document.querySelectorAll('.chat-meta > bdi')].map((e) => e.textContent))
        .size,
      text: document.querySelector('[role="log"]')?.textContent ?? '',
    }));
    // All of them came, and as what they are.
    expect(shown.messages).toBe(HOSTILE.length + 1);
    expect(shown.names).toBeGreaterThan(HOSTILE.length / 2);
    for (const part of [
      '<img src=x onerror=alert(self.ran=1)>',
      '<script>',
      'javascript:',
      '__proto__',
    ]) {
      expect(shown.text).toContain(part);
    }
    // The call goes on.
    await tab.fill('Message', 'still here');
    await tab.click('button', 'Send');
    await waitFor(tab, 'a message of one’s own to be delivered', () =>
      [...document.querySelectorAll('[data-own="true"] .chat-text')].some(
        (own) => own.textContent === 'still here' && own.getAttribute('data-delivery') === 'sent',
      ),
    );
  },
  CORPUS_MAX_MS,
);

test.each(BROWSERS)(
  'hostile names stay text on tiles, in lists and in what is read out: %s',
  async (browser) => {
    const { tab, link } = await victim(browser);
    await tab.click('button', 'People');
    const attacker = await attack(link);
    await tab.see('group', 'Mallory');
    for (const [index, text] of HOSTILE.entries()) {
      attacker.setPresence({ name: `${index} ${nameOf(text)}` });
      await waitFor(
        tab,
        `name ${index}`,
        (wanted: string) => {
          const names = [...document.querySelectorAll('.tile-name, .person-name > bdi')];
          return names.filter((name) => `${name.textContent} `.startsWith(wanted)).length === 2;
        },
        `${index} `,
      );
      expect(await findIntruders(tab)).toEqual([]);
    }
    // Where names stand in sentences.
    const [first = ''] = HOSTILE;
    attacker.setPresence({ name: first });
    await tab.click('button', `Compare words with ${first}`);
    await tab.see('dialog', `Compare words with ${first}`);
    expect(await misdeedsOf(tab, app.url)).toEqual([]);
  },
  CORPUS_MAX_MS,
);

/** As many as may wait at a door. */
const KNOCKS = 30;

test.each(BROWSERS)(
  'hostile names stay text at the door: %s',
  async (browser) => {
    const { tab, link } = await victim(browser, async (lobby) => {
      await lobby.click('button', 'Room settings');
      await lobby.click('radio', 'Ask first');
    });
    const step = Math.floor(HOSTILE.length / KNOCKS);
    const names = Array.from({ length: KNOCKS }, (_, index) => HOSTILE[index * step] ?? '');
    const ended = new AbortController();
    const joins = names.map((name) => knock(link, name, ended.signal));
    await tab.click('button', 'People');
    await waitFor(
      tab,
      'all of them at the door',
      (count: number) => document.querySelectorAll('.waiting-name').length === count,
      KNOCKS,
    );
    await app.shot(tab, `hostile-door-${browser}`);
    expect(await misdeedsOf(tab, app.url)).toEqual([]);
    ended.abort();
    await Promise.all(joins);
  },
  CORPUS_MAX_MS,
);

/** Waits at the door until it is told to go, or sees that nobody will answer. */
async function knock(link: string, name: string, signal: AbortSignal): Promise<void> {
  try {
    rooms.push(await join(link, name, signal));
  } catch {
    // What the test looks at is the door, not who gets in.
  }
}

test.each(BROWSERS)(
  'hostile fragments are no rooms, and stay text: %s',
  async (browser) => {
    const tab = await party.newTab(browser, { participant: 1 });
    await openHome(tab, app.url);
    const key = 'AAECAwQFBgcICQoLDA0ODw';
    for (const text of HOSTILE) {
      for (const fragment of [
        text,
        encodeURIComponent(Buffer.from(text).toString()),
        `${text}.${key}`,
      ]) {
        await tab.evaluate((hash: string) => {
          location.hash = hash;
        }, fragment);
      }
      await tab.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      expect(await findIntruders(tab)).toEqual([]);
    }
    // A page that such a link opens, and one that is typed into the field.
    const [image = '', script = ''] = HOSTILE.filter((text) => text.startsWith('<'));
    await tab.open(`${app.url}/?${encodeURIComponent(script)}#${image}`);
    await tab.see('textbox', 'Call link');
    await tab.fill('Call link', script);
    await tab.press('Enter');
    await waitFor(tab, 'word that it is no link', () =>
      document.body.textContent.includes('This is not a whole call link'),
    );
    expect(await misdeedsOf(tab, app.url)).toEqual([]);
  },
  CORPUS_MAX_MS,
);
