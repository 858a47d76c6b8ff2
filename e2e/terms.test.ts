import type { MediaPreferences, NegotiatedMedia } from 'peerline';
import { describe, expect, test } from 'vitest';
import { join, newRoom, openHarness, seesCamera, type Member } from './rig/call.ts';
import { harnessStage } from './rig/harness-stage.ts';
import { waitFor, type BrowserName } from './rig/tab.ts';

const { party, server } = harnessStage();

const CAP_BITS_PER_SECOND = 150_000;

/** Which of the pair has wishes. The larger peer id offers, so ids are drawn until it fits. */
type Role = 'offerer' | 'answerer';
const ROLES: readonly Role[] = ['offerer', 'answerer'];

/**
 * A pair in which the one with wishes has the given role.
 *
 * @returns the one with wishes first
 */
async function pairWith(
  role: Role,
  media: MediaPreferences,
  browsers: readonly [BrowserName, BrowserName] = ['chromium', 'chromium'],
): Promise<readonly [Member, Member]> {
  const chooser = await openHarness(party, browsers[0], 1, server.url);
  const other = await openHarness(party, browsers[1], 2, server.url);
  // Whoever made the link is offered to by the other, but for one in ten thousand draws.
  const maker = role === 'offerer' ? other : chooser;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const room = await newRoom(maker.tab);
    const [a, b] = await Promise.all([
      join(chooser, { room, media }, []),
      join(other, { room }, []),
    ]);
    if ((a > b ? 'offerer' : 'answerer') === role) {
      for (const { tab } of [chooser, other]) {
        await tab.evaluate(() => window.harness.room.local.camera.enable());
      }
      return [chooser, other];
    }
    await Promise.all(
      [chooser, other].map(({ tab }) => tab.evaluate(() => window.harness.leave())),
    );
  }
  throw new Error(`no ${role} in 3 draws`);
}

async function negotiated(viewer: Member, peer: Member): Promise<NegotiatedMedia> {
  return await waitFor(
    viewer.tab,
    `what ${viewer.name} and ${peer.name} agreed on`,
    (name: string) => {
      if (!window.harness.names().includes(name)) return undefined;
      const terms = window.harness.negotiated(name);
      return terms.microphone.receive === 'pending' ? undefined : terms;
    },
    peer.name,
  );
}

describe.each(ROLES)('the %s', (role) => {
  test('TERMS2 refuses pictures: none are sent to it, and both sides say so', async () => {
    const [chooser, other] = await pairWith(role, { camera: { receive: false } }, [
      'chromium',
      'firefox',
    ]);
    await seesCamera(other, chooser);
    const [here, there] = await Promise.all([
      negotiated(chooser, other),
      negotiated(other, chooser),
    ]);
    expect(here.camera).toMatchObject({ send: 'agreed', receive: 'refused-here' });
    expect(there.camera).toMatchObject({ send: 'refused-by-peer', receive: 'agreed' });
    expect(here.microphone).toMatchObject({ send: 'agreed', receive: 'agreed' });
    const received = await chooser.tab.evaluate(
      async (name: string) => (await window.harness.codecs(name)).received,
      other.name,
    );
    expect(received.filter((codec) => codec !== 'opus')).toEqual([]);
  });

  test('TERMS2 caps what is sent to it', async () => {
    const [chooser, other] = await pairWith(role, {
      camera: { maxReceiveBitrate: CAP_BITS_PER_SECOND },
    });
    await seesCamera(chooser, other);
    const [here, there] = await Promise.all([
      negotiated(chooser, other),
      negotiated(other, chooser),
    ]);
    expect(there.camera.maxBitrate).toBe(CAP_BITS_PER_SECOND);
    expect(here.camera.maxBitrate).toBeGreaterThan(CAP_BITS_PER_SECOND);
    // Statistics are as old as their browser's last look, which the first frame may be ahead of.
    await waitFor(
      other.tab,
      'pictures sent, though few bits',
      async (name: string) =>
        (await window.harness.codecs(name)).sent.some((one) => one !== 'opus'),
      chooser.name,
    );
  });

  test('TERMS1 prefers a codec: it is the one in use, by what the statistics say', async () => {
    const [chooser, other] = await pairWith(role, { camera: { codecs: ['VP9'] } }, [
      'firefox',
      'chromium',
    ]);
    await seesCamera(other, chooser);
    const terms = await negotiated(chooser, other);
    expect(terms.camera.codecs[0]).toBe('VP9');
    await waitFor(
      chooser.tab,
      'pictures sent in VP9',
      async (name: string) => (await window.harness.codecs(name)).sent.includes('VP9'),
      other.name,
    );
  });
});

const ANSWERING: readonly BrowserName[] = ['chromium', 'firefox'];

test.each(ANSWERING)('TERMS1 an answering %s has the last word on the codec', async (browser) => {
  const [chooser, other] = await pairWith('answerer', { camera: { codecs: ['VP9'] } }, [
    browser,
    'chromium',
  ]);
  await Promise.all([seesCamera(other, chooser), seesCamera(chooser, other)]);
  for (const [viewer, peer] of [
    [chooser, other],
    [other, chooser],
  ] as const) {
    expect((await negotiated(viewer, peer)).camera.codecs[0]).toBe('VP9');
    await waitFor(
      viewer.tab,
      'VP9 both ways',
      async (name: string) => {
        const { sent, received } = await window.harness.codecs(name);
        return sent.includes('VP9') && received.includes('VP9');
      },
      peer.name,
    );
  }
});
